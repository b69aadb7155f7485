import type { CallSettings } from '../call-settings.ts';
import type { CallInstruction, EndReason } from '../effects.ts';
import type { CallQuestion, DialOutcome } from '../events.ts';
import { exitInstruction, exitOf, orphanInstruction, recordedInstruction } from './exit-instruction.ts';
import { type Goodbye, goodbyeIn } from './goodbye.ts';
import { givenUp, legWaits } from './leg-waits.ts';
import { endReason, type Exit, type FailedTransfer, type Phase } from './phase.ts';
import type { Reaction } from '../reaction.ts';
import type { TimerName } from '../timers.ts';
import { StreamNumbers } from './stream-numbers.ts';

/**
 * The caller's leg: where the phone call is, and what Twilio is told when it asks.
 *
 * ```
 * ringing ─► awaitingStream ─ stream starts ─► talking ─ exit decided ─► leaving ─ goodbye heard, stream closed ─┐
 *                  ▲                             └────────── stream lost ──────► betweenStreams ◄────────────────┘
 *                  ├──── no exit: a fresh stream ──────────────────────────────────────┤ Twilio asks, or is told by REST
 *                  └──── nobody took the transfer ──────── dialling ◄──── transfer ────┼──── hang-up ───► ended
 *                                                               │                      └─ voicemail ─┐      ▲
 *                                                               └─ nobody is there ─► recording ◄────┘      │
 *                                                                                       └── message over ───┘
 * ```
 */
export class Leg {
  readonly #settings: CallSettings;
  readonly #reaction: Reaction;
  #phase: Phase = { name: 'ringing' };
  readonly #streams = new StreamNumbers();
  /** Repeated when a webhook is delivered twice, because its first answer has changed the phase (TW-HOOK-4). */
  #lastInstruction: CallInstruction = { kind: 'nothing' };

  constructor(settings: CallSettings, reaction: Reaction) {
    this.#settings = settings;
    this.#reaction = reaction;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get isOver(): boolean {
    return this.#phase.name === 'ended';
  }

  get hasStream(): boolean {
    return this.#phase.name === 'talking' || this.#phase.name === 'leaving';
  }

  /** Whether caller and agent talk, with no exit decided. */
  get isTalking(): boolean {
    return this.#phase.name === 'talking';
  }

  /** The exit that is decided, or null. */
  get exit(): Exit | null {
    return 'exit' in this.#phase ? this.#phase.exit : null;
  }

  /** How far the goodbye has come, or null when the call is not leaving. */
  get goodbye(): Goodbye['name'] | null {
    return this.#phase.name === 'leaving' ? this.#phase.goodbye.name : null;
  }

  // ── Twilio asks ────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Answers Twilio's question, even after the call has ended, since a webhook may be late or delivered twice. `canReturn`: the agent can
   * still talk to a caller who comes back from a transfer.
   */
  answer(question: CallQuestion, canReturn: boolean): void {
    this.#reaction.do({ type: 'call.answer', instruction: this.#next(question, canReturn) });
  }

  #next(question: CallQuestion, canReturn: boolean): CallInstruction {
    switch (question.type) {
      case 'call.received':
        return this.#callReceived();
      case 'connect.ended':
        return this.#connectEnded(question.stream, question.callOver);
      case 'dial.ended':
        return this.#dialEnded(question.outcome, question.callOver, canReturn);
      case 'record.ended':
        return this.#recordEnded(question.durationMs, question.callOver);
    }
  }

  /** The voice webhook. It is answered alike however often it is delivered. */
  #callReceived(): CallInstruction {
    if (this.isOver) return { kind: 'nothing' };
    return this.#phase.name === 'ringing' ? this.#awaitStream(null) : { kind: 'stream', number: 1 };
  }

  /** Whether another stream was asked for since this one. A question without a number is taken to be about the latest. */
  isPastStream(stream: number | null): boolean {
    return this.#streams.isPast(stream);
  }

  /** The stream is over. */
  #connectEnded(stream: number | null, callOver: boolean): CallInstruction {
    if (callOver) return this.#over();
    const { name } = this.#phase;
    const isAnswered = this.isOver || name === 'dialling' || name === 'recording';
    if (isAnswered || this.isPastStream(stream)) return this.#lastInstruction;
    this.#streams.met(stream);
    return this.exit === null ? this.#streamAgain() : this.#carryOut(this.exit);
  }

  /** A dialled leg is over. */
  #dialEnded(outcome: DialOutcome, callOver: boolean, canReturn: boolean): CallInstruction {
    if (this.#phase.name !== 'dialling') {
      if (callOver) return this.#over();
      // The fallback was dialled for a call that was given up.
      if (this.#lastInstruction.kind !== 'dial') return this.#lastInstruction;
      return this.#remember(orphanInstruction({ type: 'dial.ended', outcome, callOver }, this.#settings));
    }
    const { exit } = this.#phase;
    if (callOver) return this.#end(outcome === 'connected' ? endReason(exit) : 'callerHungUp', { kind: 'nothing' });
    if (outcome === 'connected') return this.#end(endReason(exit), { kind: 'hangUp', say: null });
    if (exit.kind !== 'transfer') return this.#carryOut({ kind: 'voicemail' });
    return canReturn
      ? this.#awaitStream({ destination: exit.destination, outcome })
      : this.#carryOut({ kind: 'fallback' });
  }

  /** The caller's message is over. `durationMs` 0: nothing was said. */
  #recordEnded(durationMs: number, callOver: boolean): CallInstruction {
    const instruction = recordedInstruction(durationMs, callOver, this.#settings);
    if (this.#phase.name === 'recording')
      return this.#end(durationMs > 0 ? 'leftVoicemail' : 'apologised', instruction);
    if (callOver) return this.#over();
    return this.#lastInstruction.kind === 'record' ? this.#remember(instruction) : this.#lastInstruction;
  }

  /** The call comes from another process, which gave Twilio this instruction last. Returns whether it can go on here. */
  restored(instruction: CallInstruction, streamNumber: number): boolean {
    if (this.#phase.name !== 'ringing') return false;
    this.#lastInstruction = instruction;
    this.#streams.met(streamNumber);
    if (instruction.kind === 'stream') {
      this.#enter({ name: 'betweenStreams', exit: null });
      this.#reaction.wait('connectAction', legWaits.connectAction);
    } else if (instruction.kind === 'dial') {
      this.#enter({ name: 'dialling', exit: exitOf(instruction, this.#settings) });
      this.#reaction.wait('dial', legWaits.dial);
    } else if (instruction.kind === 'record') {
      this.#enter({ name: 'recording', exit: { kind: 'voicemail' }, caller: 'there' });
      this.#reaction.wait('record', instruction.secondsMax * 1000 + legWaits.recordExtra);
    } else this.#end('callerHungUp', instruction);
    return true;
  }

  // ── What happens to the stream and the call ────────────────────────────────────────────────────────────────────

  /** A stream started. Returns whether one was asked for. */
  streamStarted(): boolean {
    this.#streams.started(this.#reaction.nowMs);
    if (this.#phase.name === 'awaitingStream') {
      const { exit } = this.#phase;
      if (exit === null) this.#enter({ name: 'talking' });
      else this.#leave(exit, 'spoken', 0);
    }
    return this.hasStream;
  }

  streamLost(): void {
    if (!this.hasStream) return;
    this.#enter({ name: 'betweenStreams', exit: this.exit });
    this.#reaction.wait('connectAction', legWaits.connectAction);
  }

  /** The status callback: the phone call is over, whatever we waited for. */
  callCompleted(): void {
    const phase = this.#phase;
    if (phase.name !== 'recording') return void this.#over();
    if (phase.caller === 'gone') return;
    this.#phase = { ...phase, caller: 'gone' };
    this.#reaction.wait('record', legWaits.recordNews);
  }

  /** Twilio has stored the caller's message, or has none. When the caller is gone, nothing more is to come. */
  recordingStored(isMessage: boolean): void {
    const isLastNews = this.#phase.name === 'recording' && this.#phase.caller === 'gone';
    if (isLastNews) this.#end(isMessage ? 'leftVoicemail' : 'apologised', { kind: 'nothing' });
  }

  /**
   * Decides how the agent's part ends, and how far its goodbye has come. Whether an earlier decision stands is up to `Farewell`.
   * `unheardMs`: how much the caller has still to hear of what was sent.
   */
  leave(exit: Exit, goodbye: Goodbye['name'], unheardMs: number): void {
    const phase = this.#phase;
    if (this.hasStream) this.#leave(exit, goodbye, unheardMs);
    else if (phase.name === 'awaitingStream' || phase.name === 'betweenStreams') this.#phase = { ...phase, exit };
  }

  /** The agent speaks: if the call is leaving, that is the goodbye. */
  agentSpeaks(unheardMs: number): void {
    if (this.#phase.name !== 'leaving' || this.goodbye === 'spoken') return;
    this.#leave(this.#phase.exit, 'speaking', unheardMs);
  }

  /** The agent has said all that it will say: what the caller has not heard of it is waited for. */
  agentHasSpoken(unheardMs: number): void {
    if (this.#phase.name === 'leaving') this.#leave(this.#phase.exit, 'spoken', unheardMs);
  }

  redirected(): void {
    if (this.#phase.name === 'redirecting') this.#carryOut(this.#phase.exit);
  }

  redirectFailed(callOver: boolean): void {
    if (this.#phase.name !== 'redirecting') return;
    if (callOver) this.#end(endReason(this.#phase.exit), { kind: 'nothing' });
    else this.#end('redirectFailed', this.#lateAnswer);
  }

  /** A deadline of this leg has passed. */
  timedOut(timer: Extract<TimerName, 'streamStart' | 'connectAction' | 'redirect' | 'dial' | 'record'>): void {
    switch (timer) {
      case 'streamStart':
      case 'redirect':
      case 'dial':
        return void this.#end(givenUp[timer], this.#lateAnswer);
      case 'record':
        return void this.#end('apologised', this.#lastInstruction);
      case 'connectAction':
        return this.exit === null ? void this.#end('callerHungUp', this.#lateAnswer) : this.#redirect(this.exit);
    }
  }

  /** The answer for a call that was given up: if Twilio asks after all, a caller is still there. */
  get #lateAnswer(): CallInstruction {
    return exitInstruction({ kind: 'fallback' }, this.#settings);
  }

  // ── Transitions ────────────────────────────────────────────────────────────────────────────────────────────────

  #leave(exit: Exit, stage: Goodbye['name'], unheardMs: number): void {
    const before = this.#phase.name === 'leaving' ? this.#phase.goodbye : null;
    const goodbye = goodbyeIn(stage, before, unheardMs, this.#reaction.nowMs);
    if (before === null) this.#enter({ name: 'leaving', exit, goodbye });
    else this.#phase = { name: 'leaving', exit, goodbye };
    this.#reaction.waitUntil('goodbye', goodbye.untilMs);
  }

  #awaitStream(failedTransfer: FailedTransfer | null): CallInstruction {
    this.#enter({ name: 'awaitingStream', exit: null, failedTransfer });
    this.#reaction.wait('streamStart', legWaits.streamStart);
    return this.#remember({ kind: 'stream', number: this.#streams.next() });
  }

  #streamAgain(): CallInstruction {
    if (!this.#streams.mayReturn(this.#reaction.nowMs)) return this.#carryOut({ kind: 'fallback' });
    // Whoever came back from a failed transfer has not heard of it yet.
    return this.#awaitStream(this.#phase.name === 'awaitingStream' ? this.#phase.failedTransfer : null);
  }

  #carryOut(exit: Exit): CallInstruction {
    const instruction = exitInstruction(exit, this.#settings);
    if (instruction.kind === 'dial') {
      this.#enter({ name: 'dialling', exit });
      this.#reaction.wait('dial', legWaits.dial);
      this.#reaction.wait('dialRing', legWaits.dialRing);
    } else if (instruction.kind === 'record') {
      this.#enter({ name: 'recording', exit, caller: 'there' });
      this.#reaction.wait('record', instruction.secondsMax * 1000 + legWaits.recordExtra);
    } else return this.#end(endReason(exit), instruction);
    return this.#remember(instruction);
  }

  /** Twilio did not ask what comes next, so it is told. */
  #redirect(exit: Exit): void {
    this.#enter({ name: 'redirecting', exit });
    this.#reaction.wait('redirect', legWaits.redirect);
    this.#reaction.do({ type: 'telephony.update', instruction: exitInstruction(exit, this.#settings) });
  }

  #over(): CallInstruction {
    return this.isOver ? { kind: 'nothing' } : this.#end(endReason(this.exit), { kind: 'nothing' });
  }

  #end(reason: EndReason, instruction: CallInstruction): CallInstruction {
    this.#enter({ name: 'ended', reason });
    return this.#remember(instruction);
  }

  #remember(instruction: CallInstruction): CallInstruction {
    this.#lastInstruction = instruction;
    return instruction;
  }

  #enter(phase: Phase): void {
    this.#reaction.note('debug', 'phase', { from: this.#phase.name, to: phase.name });
    this.#reaction.stopWaiting('streamStart', 'connectAction', 'redirect', 'dial', 'dialRing', 'record', 'goodbye');
    this.#phase = phase;
  }
}
