import type { CallSettings } from '../call-settings.ts';
import type { CallInstruction } from '../effects.ts';
import type { CalleeQuestion, CallQuestion, DialOutcome } from '../events.ts';
import { acceptedOutcome, calleeAfter } from './callee.ts';
import {
  calleeInstruction,
  exitInstruction,
  exitOf,
  orphanInstruction,
  recordedInstruction,
} from './exit-instruction.ts';
import type { Goodbye } from './goodbye.ts';
import { LegPhases } from './leg-phases.ts';
import { givenUp } from './leg-waits.ts';
import { endReason, type Exit, type Phase } from './phase.ts';
import type { Reaction } from '../reaction.ts';
import type { CallMemory } from '../talk/memory.ts';
import type { TimerName } from '../timers.ts';

/** What the leg must know of a call whose process is gone. */
type LegMemory = Pick<CallMemory, 'instruction' | 'streamNumber' | 'callee' | 'streamComes'>;

type DialQuestion = Extract<CallQuestion, { type: 'dial.ended' }>;

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
  readonly #phases: LegPhases;

  constructor(settings: CallSettings, reaction: Reaction) {
    this.#settings = settings;
    this.#reaction = reaction;
    this.#phases = new LegPhases(settings, reaction);
  }

  get phase(): Phase {
    return this.#phases.phase;
  }

  get isOver(): boolean {
    return this.#phases.isOver;
  }

  get hasStream(): boolean {
    return this.phase.name === 'talking' || this.phase.name === 'leaving';
  }

  /** Whether caller and agent talk, with no exit decided. */
  get isTalking(): boolean {
    return this.phase.name === 'talking';
  }

  /** The exit that is decided, or null. */
  get exit(): Exit | null {
    return this.#phases.exit;
  }

  /** How far the goodbye has come, or null when the call is not leaving. */
  get goodbye(): Goodbye['name'] | null {
    return this.phase.name === 'leaving' ? this.phase.goodbye.name : null;
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
        return this.#dialEnded(question, canReturn);
      case 'record.ended':
        return this.#recordEnded(question.durationMs, question.callOver);
    }
  }

  /** The voice webhook. It is answered alike however often it is delivered. */
  #callReceived(): CallInstruction {
    if (this.isOver) return { kind: 'nothing' };
    return this.phase.name === 'ringing' ? this.#phases.awaitStream(null) : { kind: 'stream', number: 1 };
  }

  /** Whether another stream was asked for since this one. A question without a number is taken to be about the latest. */
  isPastStream(stream: number | null): boolean {
    return this.#phases.streams.isPast(stream);
  }

  /** The stream is over. */
  #connectEnded(stream: number | null, callOver: boolean): CallInstruction {
    if (callOver) return this.#over();
    const { name } = this.phase;
    const isAnswered = this.isOver || name === 'dialling' || name === 'recording';
    if (isAnswered || this.isPastStream(stream)) return this.#phases.lastInstruction;
    this.#phases.streams.met(stream);
    return this.exit === null ? this.#phases.streamAgain() : this.#phases.carryOut(this.exit);
  }

  /** A dialled leg is over. */
  #dialEnded(question: DialQuestion, canReturn: boolean): CallInstruction {
    const { phase } = this;
    const { callOver } = question;
    const outcome = this.#outcomeOf(question);
    this.#reaction.note('info', 'dialEnded', { outcome });
    if (phase.name !== 'dialling') {
      // The news that Twilio was redirected may come later than the end of the leg that it dialled.
      if (callOver) return this.#over(outcome === 'connected');
      // The fallback was dialled for a call that was given up.
      if (this.#phases.lastInstruction.kind !== 'dial') return this.#phases.lastInstruction;
      return this.#phases.remember(orphanInstruction(question, this.#settings));
    }
    const { exit, dial } = phase;
    if (callOver)
      return this.#phases.end(outcome === 'connected' ? endReason(exit) : 'callerHungUp', { kind: 'nothing' });
    // Asked again about a leg that the next one has followed.
    if (question.attempt !== null && question.attempt < dial.attempt) return this.#phases.lastInstruction;
    if (outcome === 'connected') return this.#phases.end(endReason(exit), { kind: 'hangUp', say: null });
    if (exit.kind !== 'transfer') return this.#phases.carryOut({ kind: 'voicemail' });
    const missed = [...phase.missed, outcome];
    const next = canReturn ? this.#phases.dialNext(missed) : null;
    if (next !== null) return next;
    return canReturn
      ? this.#phases.awaitStream({ destination: exit.destination, outcomes: missed })
      : this.#phases.carryOut({ kind: 'fallback' });
  }

  /** How it ended: where the call must be taken, an answer alone is none. */
  #outcomeOf({ outcome }: DialQuestion): DialOutcome {
    const { phase } = this;
    return phase.name === 'dialling' && phase.dial.mustAccept ? acceptedOutcome(phase.callee, outcome) : outcome;
  }

  /** The caller's message is over. `durationMs` 0: nothing was said. */
  #recordEnded(durationMs: number, callOver: boolean): CallInstruction {
    const instruction = recordedInstruction(durationMs, callOver, this.#settings);
    if (this.phase.name === 'recording')
      return this.#phases.end(durationMs > 0 ? 'leftVoicemail' : endReason(this.exit), instruction);
    if (callOver) return this.#over();
    return this.#phases.lastInstruction.kind === 'record'
      ? this.#phases.remember(instruction)
      : this.#phases.lastInstruction;
  }

  // ── Who is called ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Answers what to do with the one who is called. Nobody gets the caller of another attempt, or of a call that is not dialling. */
  answerCallee(question: CalleeQuestion): void {
    const { phase } = this;
    if (phase.name !== 'dialling' || !phase.dial.mustAccept || phase.dial.attempt !== question.attempt) {
      return this.#reaction.do({ type: 'callee.answer', instruction: { kind: 'turnAway' } });
    }
    const callee = calleeAfter(phase.callee, question);
    this.#phases.calleeIs(callee);
    const instruction = calleeInstruction(callee, phase.dial, this.#settings);
    this.#reaction.do({ type: 'callee.answer', instruction });
  }

  /** Whether a person has taken the transfer. */
  get isAccepted(): boolean {
    return this.phase.name === 'dialling' && this.phase.callee === 'accepted';
  }

  // ── Another process ────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * The call comes from another process, which gave Twilio its last instruction. Returns whether it can go on here.
   */
  restored({ instruction, streamNumber, callee, streamComes = false }: LegMemory): boolean {
    if (this.phase.name !== 'ringing') return false;
    this.#phases.remember(instruction);
    this.#phases.streams.met(streamNumber);
    if (instruction.kind === 'stream') {
      if (streamComes) this.#phases.awaitOpened();
      else this.#phases.awaitQuestion(null);
    } else if (instruction.kind === 'dial') {
      this.#phases.dial(exitOf(instruction), instruction, [], callee);
    } else if (instruction.kind === 'record') {
      this.#phases.record({ kind: 'voicemail' }, instruction.secondsMax);
    } else this.#phases.end('callerHungUp', instruction);
    return true;
  }

  // ── What happens to the stream and the call ────────────────────────────────────────────────────────────────────

  /** A stream started. Returns whether one was asked for. */
  streamStarted(): boolean {
    this.#phases.streams.started(this.#reaction.nowMs);
    if (this.phase.name === 'awaitingStream') {
      const { exit } = this.phase;
      if (exit === null) this.#phases.talk();
      else this.#phases.leave(exit, 'spoken', 0);
    }
    return this.hasStream;
  }

  streamLost(): void {
    if (!this.hasStream) return;
    this.#phases.awaitQuestion(this.exit);
  }

  /** The status callback: the phone call is over, whatever we waited for. */
  callCompleted(): void {
    if (this.phase.name === 'recording') this.#phases.awaitRecordNews();
    else this.#over();
  }

  /** Twilio has stored the caller's message, or has none. When the caller is gone, nothing more is to come. */
  recordingStored(isMessage: boolean): void {
    const isLastNews = this.phase.name === 'recording' && this.phase.caller === 'gone';
    if (isLastNews) this.#phases.end(isMessage ? 'leftVoicemail' : endReason(this.exit), { kind: 'nothing' });
  }

  /**
   * Decides how the agent's part ends, and how far its goodbye has come. Whether an earlier decision stands is up to `Farewell`.
   * `unheardMs`: how much the caller has still to hear of what was sent.
   */
  leave(exit: Exit, goodbye: Goodbye['name'], unheardMs: number): void {
    if (this.hasStream) this.#phases.leave(exit, goodbye, unheardMs);
    else this.#phases.decide(exit);
  }

  /** The agent speaks: if the call is leaving, that is the goodbye. */
  agentSpeaks(unheardMs: number): void {
    if (this.phase.name !== 'leaving' || this.goodbye === 'spoken') return;
    this.#phases.leave(this.phase.exit, 'speaking', unheardMs);
  }

  /** The agent has said all that it will say: what the caller has not heard of it is waited for. */
  agentHasSpoken(unheardMs: number): void {
    if (this.phase.name === 'leaving') this.#phases.leave(this.phase.exit, 'spoken', unheardMs);
  }

  redirected(): void {
    if (this.phase.name === 'redirecting') this.#phases.carryOut(this.phase.exit);
  }

  redirectFailed(callOver: boolean): void {
    if (this.phase.name !== 'redirecting') return;
    if (callOver) this.#over();
    else this.#phases.end('redirectFailed', this.#lateAnswer);
  }

  /** A deadline of this leg has passed. */
  timedOut(timer: Extract<TimerName, 'streamStart' | 'connectAction' | 'redirect' | 'dial' | 'record'>): void {
    switch (timer) {
      case 'streamStart':
      case 'redirect':
      case 'dial':
        return void this.#phases.end(givenUp[timer], this.#lateAnswer);
      case 'record':
        return void this.#phases.end(endReason(this.exit), this.#phases.lastInstruction);
      case 'connectAction':
        return this.exit === null
          ? void this.#phases.end('callerHungUp', this.#lateAnswer)
          : this.#phases.redirect(this.exit);
    }
  }

  /** The answer for a call that was given up: if Twilio asks after all, a caller is still there. */
  get #lateAnswer(): CallInstruction {
    return exitInstruction({ kind: 'fallback' }, this.#settings);
  }

  /** The phone call is over. `isTaken`: somebody had taken the caller; one who has gone before anybody was called was not transferred. */
  #over(isTaken = this.phase.name === 'dialling'): CallInstruction {
    if (this.isOver) return { kind: 'nothing' };
    const { exit } = this;
    const isGone = exit?.kind === 'transfer' && !isTaken;
    return this.#phases.end(isGone ? 'callerHungUp' : endReason(exit), { kind: 'nothing' });
  }
}
