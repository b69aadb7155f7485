import { Base64Text } from './base64-text.ts';
import type { TalkFigures } from './talk-figures.ts';
import { frameOfNumber } from './heard-audio.ts';
import { frameNumbers, framesIn, pieceBytes, pieceLengthsMs } from './marked-sound.ts';
import { isCutOff, turnAt, turnMs } from './timetable.ts';
import type { WireEnd } from './wire-end.ts';
import { wireBytes } from './wire-frames.ts';

/** How much faster than it is played the model sends its sound. */
const rush = 3;

/** A turn is cut off when so much of it was sent. */
const interruptedAfterMs = 400;

const setupComplete = wireBytes('{"setupComplete":{}}', false);
const interruption = wireBytes('{"serverContent":{"interrupted":true}}', false);
const generationEnd = wireBytes('{"serverContent":{"generationComplete":true}}', false);
const turnEnd = wireBytes('{"serverContent":{"turnComplete":true}}', false);

/** How a question of the client ends, to which the model answers at once (GM-CONTENT-1). */
const clientContent = '{"clientContent"';

/** The model's end of a call that is at load: it greets when it is asked to, and then speaks half of the time. */
export class TalkingModel {
  readonly #figures: TalkFigures;
  /** Some models send pieces of 40 to 100 ms, and some longer ones. */
  readonly #piecesMs: readonly number[];
  readonly #framesSpoken: () => number;
  #wire: WireEnd | null = null;
  #isAsked = false;
  #pieces = 0;
  /** The last turn that the timetable has begun. */
  #turn: number | null = null;
  #isSpeaking = false;
  #isCutOff = false;
  /** When the present turn began, and how much of it was sent. */
  #turnAtMs = 0;
  #turnSentMs = 0;

  /** `number`: of the call. `framesSpoken`: how many frames its caller has sent. */
  constructor(number: number, figures: TalkFigures, framesSpoken: () => number) {
    this.#figures = figures;
    this.#piecesMs = pieceLengthsMs.filter((ms) => ms <= 100 === (number % 2 === 0));
    this.#framesSpoken = framesSpoken;
  }

  /** The bridge has opened a session for this call and sent its setup. One that it replaces is closed. */
  takeSession(wire: WireEnd): void {
    this.#wire = wire;
    wire.listen({ onMessage: (message) => this.#hear(message), onClose: () => this.#lost(wire) });
    wire.sendFrames(setupComplete);
  }

  /** Sends what is due by now. `sinceMs`: how long the talk has gone on. */
  sendDue(sinceMs: number): void {
    const wire = this.#wire;
    if (wire === null) return;
    const turn = turnAt(sinceMs);
    if (this.#turn !== null && turn > this.#turn) this.#begin(isCutOff(turn));
    this.#turn = turn;
    if (this.#isSpeaking) this.#speak(wire);
  }

  /** The call is over: the bridge closes the session, and has not lost it. */
  leave(): void {
    this.#wire = null;
  }

  #lost(wire: WireEnd): void {
    if (this.#wire !== wire) return;
    this.#wire = null;
    this.#isSpeaking = false;
    this.#figures.sessionLost();
  }

  /** Begins a turn, unless one is being sent. */
  #begin(cutOff: boolean): void {
    if (this.#isSpeaking) return;
    this.#isSpeaking = true;
    this.#isCutOff = cutOff;
    this.#turnAtMs = performance.now();
    this.#turnSentMs = 0;
  }

  #speak(wire: WireEnd): void {
    const untilMs = this.#isCutOff ? interruptedAfterMs : turnMs;
    for (let nowMs = performance.now(); this.#turnSentMs < untilMs; nowMs = performance.now()) {
      if (this.#turnAtMs + this.#turnSentMs / rush > nowMs) return;
      const lengthMs = this.#piecesMs[this.#pieces % this.#piecesMs.length] ?? 0;
      // What follows it is not late when it waits: the bridge may keep it back until the caller is to hear it.
      if (this.#turnSentMs === 0) this.#figures.down.sent(this.#pieces, nowMs);
      wire.sendFrames(pieceBytes(lengthMs, this.#pieces));
      this.#pieces += 1;
      this.#turnSentMs += lengthMs;
    }
    this.#isSpeaking = false;
    if (this.#isCutOff) this.#figures.interrupted(performance.now());
    wire.sendFrames(this.#isCutOff ? interruption : generationEnd);
    wire.sendFrames(turnEnd);
  }

  #hear(message: Buffer): void {
    if (message.toString('latin1', 0, clientContent.length) === clientContent) return this.#asked();
    const pcm = Base64Text.inMember(message, 'data');
    if (pcm === null) return;
    const nowMs = performance.now();
    const sent = this.#framesSpoken();
    const numbers = framesIn(pcm);
    for (const number of numbers) if (number !== null) this.#figures.up.came(number, nowMs);
    this.#figures.heard.came(
      pcm.length / 32,
      numbers.map((number) => (number === null ? null : frameOfNumber(number, sent, frameNumbers))),
    );
  }

  /** The bridge asks for the greeting first; later it asks only a model that it takes for silent. */
  #asked(): void {
    if (this.#isAsked) this.#figures.nudged();
    this.#isAsked = true;
    this.#begin(false);
  }
}
