import type { CallSettings } from '../call-settings.ts';
import type { CallInstruction, DialInstruction, EndReason } from '../effects.ts';
import type { Reaction } from '../reaction.ts';
import type { CalleeState } from './callee-state.ts';
import { exitInstruction, transferInstruction } from './exit-instruction.ts';
import { type Goodbye, goodbyeIn } from './goodbye.ts';
import { legWaits, ringMsMax } from './leg-waits.ts';
import { endReason, type Exit, type FailedTransfer, type MissedOutcome, type Phase } from './phase.ts';
import { StreamNumbers } from './stream-numbers.ts';

/**
 * The phase of the caller's leg, each with the deadlines that go with it, and what Twilio was told last. What leads from one phase to the
 * next is the business of `Leg`.
 */
export class LegPhases {
  readonly streams = new StreamNumbers();
  readonly #settings: CallSettings;
  readonly #reaction: Reaction;
  #phase: Phase = { name: 'ringing' };
  #attempts = 0;
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

  /** The exit that is decided, or null. */
  get exit(): Exit | null {
    return 'exit' in this.#phase ? this.#phase.exit : null;
  }

  get lastInstruction(): CallInstruction {
    return this.#lastInstruction;
  }

  /** Twilio is told this. */
  remember(instruction: CallInstruction): CallInstruction {
    this.#lastInstruction = instruction;
    return instruction;
  }

  talk(): void {
    this.#enter({ name: 'talking' });
  }

  /** The caller hears the goodbye. `unheardMs`: how much of what was sent is still to be heard. */
  leave(exit: Exit, stage: Goodbye['name'], unheardMs: number): void {
    const before = this.#phase.name === 'leaving' ? this.#phase.goodbye : null;
    const goodbye = goodbyeIn(stage, before, unheardMs, this.#reaction.nowMs);
    if (before === null) this.#enter({ name: 'leaving', exit, goodbye });
    else this.#phase = { name: 'leaving', exit, goodbye };
    this.#reaction.waitUntil('goodbye', goodbye.untilMs);
  }

  /** The exit is decided while there is no stream, and carried out later. */
  decide(exit: Exit): void {
    const phase = this.#phase;
    if (phase.name === 'awaitingStream' || phase.name === 'betweenStreams') this.#phase = { ...phase, exit };
  }

  /** The stream is gone: Twilio will ask what comes next. */
  awaitQuestion(exit: Exit | null): void {
    this.#enter({ name: 'betweenStreams', exit });
    this.#reaction.wait('connectAction', legWaits.connectAction);
  }

  awaitStream(failedTransfer: FailedTransfer | null): CallInstruction {
    this.#enter({ name: 'awaitingStream', exit: null, failedTransfer });
    this.#reaction.wait('streamStart', legWaits.streamStart);
    return this.remember({ kind: 'stream', number: this.streams.next() });
  }

  /** Twilio opens the stream that an earlier process has told it to open. */
  awaitOpened(): void {
    this.#enter({ name: 'awaitingStream', exit: null, failedTransfer: null });
    this.#reaction.wait('streamStart', legWaits.streamStart);
  }

  /** A stream broke. After too many of them, the call goes to its fallback. */
  streamAgain(): CallInstruction {
    if (!this.streams.mayReturn(this.#reaction.nowMs)) return this.carryOut({ kind: 'fallback' });
    // Whoever came back from a failed transfer has not heard of it yet.
    return this.awaitStream(this.#phase.name === 'awaitingStream' ? this.#phase.failedTransfer : null);
  }

  carryOut(exit: Exit): CallInstruction {
    const instruction = this.#instructionFor(exit);
    if (instruction.kind === 'dial') {
      this.dial(exit, instruction, []);
      this.#reaction.wait('dialRing', ringMsMax(instruction));
    } else if (instruction.kind === 'record') this.record(exit, instruction.secondsMax);
    else return this.end(endReason(exit), instruction);
    return this.remember(instruction);
  }

  /** The next target of a transfer is called; null when there is none. `missed`: how those before it ended. */
  dialNext(missed: readonly MissedOutcome[]): CallInstruction | null {
    const phase = this.#phase;
    if (phase.name !== 'dialling' || phase.exit.kind !== 'transfer' || phase.dial.transfer === null) return null;
    const { exit, dial } = phase;
    const next = transferInstruction(exit, phase.dial.transfer.step + 1, this.#settings, dial.attempt + 1);
    if (next === null) return null;
    this.dial(exit, next, missed);
    this.#reaction.wait('dialRing', ringMsMax(next));
    return this.remember(next);
  }

  /** Somebody is called. `callee`: how far that has come. */
  dial(exit: Exit, dial: DialInstruction, missed: readonly MissedOutcome[], callee: CalleeState = 'ringing'): void {
    this.#attempts = Math.max(this.#attempts, dial.attempt);
    this.#enter({ name: 'dialling', exit, dial, callee, missed });
    this.#reaction.wait('dial', legWaits.dial);
  }

  /** The one who is called has come so far. */
  calleeIs(callee: CalleeState): void {
    const phase = this.#phase;
    if (phase.name !== 'dialling' || phase.callee === callee) return;
    this.#reaction.note('info', 'callee', { callee, attempt: phase.dial.attempt });
    this.#phase = { ...phase, callee };
    if (callee === 'asked') this.#reaction.wait('dialRing', legWaits.calleeKey);
    if (callee === 'accepted') this.#reaction.stopWaiting('dialRing');
  }

  record(exit: Exit, secondsMax: number): void {
    this.#enter({ name: 'recording', exit, caller: 'there' });
    this.#reaction.wait('record', secondsMax * 1000 + legWaits.recordExtra);
  }

  /** The caller has hung up during the message: what became of it is still waited for, but not for long. */
  awaitRecordNews(): void {
    const phase = this.#phase;
    if (phase.name !== 'recording' || phase.caller === 'gone') return;
    this.#phase = { ...phase, caller: 'gone' };
    this.#reaction.wait('record', legWaits.recordNews);
  }

  /** Twilio did not ask what comes next, so it is told. */
  redirect(exit: Exit): void {
    this.#enter({ name: 'redirecting', exit });
    this.#reaction.wait('redirect', legWaits.redirect);
    this.#reaction.do({ type: 'telephony.update', instruction: this.#instructionFor(exit) });
  }

  end(reason: EndReason, instruction: CallInstruction): CallInstruction {
    this.#enter({ name: 'ended', reason });
    return this.remember(instruction);
  }

  #instructionFor(exit: Exit): CallInstruction {
    return exitInstruction(exit, this.#settings, this.#attempts + 1);
  }

  #enter(phase: Phase): void {
    this.#reaction.note('debug', 'phase', { from: this.#phase.name, to: phase.name });
    this.#reaction.stopWaiting('streamStart', 'connectAction', 'redirect', 'dial', 'dialRing', 'record', 'goodbye');
    this.#phase = phase;
  }
}
