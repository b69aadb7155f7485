import type { AudioPath } from '../audio/audio-path.ts';
import { type CallParts, callParts } from './call-parts.ts';
import { callSummary } from './call-summary.ts';
import type { CallSettings, TurnDetection } from './call-settings.ts';
import type { CallEffect } from './effects.ts';
import type { CallEvent } from './events.ts';
import type { Phase } from './phone/phase.ts';
import { Reaction } from './reaction.ts';
import type { AudioTally } from './talk/audio-tally.ts';
import type { CallMemory } from './talk/memory.ts';
import { isOfSession } from './talk/model-events.ts';
import type { Deadline, TimerName } from './timers.ts';

/**
 * One phone call, as a machine: events in, effects out. No I/O, no clock, no randomness.
 * It takes each event, and each deadline that is due, to the part that it concerns, and lets every part look at what has become due
 * through it.
 */
export class Call {
  readonly #settings: CallSettings;
  readonly #reaction = new Reaction();
  readonly #parts: CallParts;
  #modelIsDeferred = false;

  constructor(settings: CallSettings, audioPath: AudioPath) {
    this.#settings = settings;
    this.#parts = callParts(settings, audioPath, this.#reaction);
  }

  /** Takes one event and returns what must be done, in order. */
  handle(event: CallEvent): readonly CallEffect[] {
    const { connection, leg } = this.#parts;
    this.#reaction.begin(event);
    const wasOver = leg.isOver;
    const { sessions } = connection;
    if (!wasOver) this.#fireTimers();
    this.#answer(event);
    // A timer may just have replaced the session that tells this.
    if (!leg.isOver && (connection.sessions === sessions || !isOfSession(event))) this.#take(event);
    if (!leg.isOver) this.#advance();
    if (leg.isOver && !wasOver) this.#end();
    return this.#reaction.effects;
  }

  /** When `handle({ type: 'tick' })` is next needed; null once the call has ended. */
  nextDeadline(): Deadline | null {
    return this.#reaction.nextDeadline;
  }

  /** `nextDeadline()` is not earlier than this, in ms since the call began; -Infinity when that is not known. It costs nothing to ask. */
  get soonestDeadlineMs(): number {
    return this.#reaction.soonestDeadlineMs;
  }

  get phase(): Phase['name'] {
    return this.#parts.leg.phase.name;
  }

  /** Whether it is decided how the agent's part ends. */
  get isLeaving(): boolean {
    return this.#parts.farewell.isLeaving;
  }

  /** Whether nobody speaks, and nobody waits for anybody: another process could go on without the caller or the model noticing. */
  get isQuiet(): boolean {
    return this.#parts.leg.isTalking && this.#parts.rotator.isQuiet;
  }

  /** Whether the call needs the agent no more: a dialled leg has rung so long that somebody must have taken it, or Twilio takes a message. */
  get isHandedOver(): boolean {
    const { name } = this.#parts.leg.phase;
    return (name === 'dialling' || name === 'recording') && this.#parts.connection.isClosed;
  }

  /** Who tells the model of the present session when the caller speaks. */
  get turnDetection(): TurnDetection {
    return this.#parts.connection.behavior.turnDetection;
  }

  get tally(): AudioTally {
    return this.#parts.conversation.tally;
  }

  #answer(event: CallEvent): void {
    const { leg, requests, streams } = this.#parts;
    switch (event.type) {
      case 'connect.ended':
        if (event.callOver || !leg.isPastStream(event.stream)) streams.close(1000);
        return leg.answer(event, this.#canReturn);
      case 'call.received':
      case 'dial.ended':
      case 'record.ended':
        return leg.answer(event, this.#canReturn);
      case 'callee.answered':
      case 'callee.keyed':
        return leg.answerCallee(event);
      default:
        return requests.take(event);
    }
  }

  /** Whether a caller may come back from a transfer. Not after the longest duration, or a model could keep a call alive for ever. */
  get #canReturn(): boolean {
    return !this.#parts.connection.isClosed && !this.#parts.limit.isReached;
  }

  #take(event: CallEvent): void {
    const { caller, farewell, leg, limit, modelEvents, recovery, streams } = this.#parts;
    switch (event.type) {
      case 'call.received':
        if (!this.#modelIsDeferred && recovery.open()) limit.begin(this.#settings.callMsMax);
        return;
      case 'service.crowded':
        this.#modelIsDeferred = true;
        return limit.begin(this.#settings.callMsMax);
      case 'call.completed':
        return leg.callCompleted();
      case 'call.restored':
        return this.#restored(event.memory);
      case 'recording.stored':
        return leg.recordingStored(event.status === 'completed');
      case 'stream.started':
        return streams.started();
      case 'stream.media':
        return caller.soundCame(event.audio, event.timestampMs);
      case 'stream.marked':
        return this.#parts.feeder.marked(event.name);
      case 'stream.stopped':
        return streams.close(1000);
      case 'stream.closed':
        return streams.lost();
      case 'stream.frameRejected':
        return streams.frameRejected(event.fault);
      case 'telephony.updated':
        return leg.redirected();
      case 'telephony.failed':
        this.#reaction.note('warn', 'redirectFailed', { fault: event.fault });
        return leg.redirectFailed(event.callOver);
      case 'service.drained':
        return farewell.leave({ kind: 'fallback' });
      case 'connect.ended':
      case 'dial.ended':
      case 'record.ended':
      case 'callee.answered':
      case 'callee.keyed':
      case 'stream.dtmf':
      case 'operator.hungUp':
      case 'operator.transferred':
      case 'operator.noted':
      case 'operator.said':
      case 'caller.pictured':
      case 'tick':
        return;
      default:
        return modelEvents.take(event);
    }
  }

  /** The call goes on where another process left it. Its stream is gone, or somebody is being dialled. */
  #restored(memory: CallMemory): void {
    const { leg, limit, operatorWords, sessions } = this.#parts;
    const { items, instruction, elapsedMs } = memory;
    if (!leg.restored(memory)) return;
    this.#reaction.note('info', 'restored', { instruction: instruction.kind, items: items.length, elapsedMs });
    limit.begin(Math.max(0, this.#settings.callMsMax - elapsedMs));
    sessions.restored(memory);
    operatorWords.restored(items);
  }

  #fireTimers(): void {
    for (let timer = this.#reaction.takeDue(); timer !== null; timer = this.#reaction.takeDue()) {
      // On a muted phone these fire ten times a second.
      if (timer !== 'callerSilence' && timer !== 'feed') this.#reaction.note('debug', 'deadline', { timer });
      this.#fire(timer);
      if (this.#parts.leg.isOver) return;
    }
  }

  #fire(timer: TimerName): void {
    const { caller, escalation, farewell, idle, leg, limit, recovery, rotator } = this.#parts;
    switch (timer) {
      case 'goodbye':
        if (farewell.timedOut()) this.#parts.streams.close(1000);
        return;
      case 'callMax':
        return limit.timedOut();
      case 'modelOpen':
        return recovery.openTimedOut();
      case 'modelRetry':
        return recovery.retry();
      case 'modelOutage':
        return recovery.outageTimedOut();
      case 'rotation':
        return rotator.timedOut();
      case 'comfort':
        return this.#parts.watchdog.comfortTimedOut();
      case 'escalation':
        return escalation.timedOut();
      case 'idle':
        return idle.timedOut();
      case 'greetingHold':
        return caller.letThrough();
      case 'callerSilence':
        return caller.silenceTimedOut();
      case 'dialRing':
        return recovery.close();
      case 'playoutDrain':
        return this.#parts.feeder.marksLost();
      case 'feed': // What is due is sent after each event.
        return;
      case 'bargeIn':
        return this.#parts.bargeIn.unanswered.timedOut();
      case 'operatorWords':
        return this.#parts.operatorWords.timedOut();
      case 'tool':
        return this.#parts.toolEvents.timedOut();
      case 'streamStart':
      case 'connectAction':
      case 'redirect':
      case 'dial':
      case 'record':
        return leg.timedOut(timer);
    }
  }

  #advance(): void {
    const { caller, connection, conversation, escalation, farewell, leg, recovery } = this.#parts;
    if (this.#parts.bargeIn.advance()) escalation.replyHeard(); // Whoever interrupts a reply has heard it.
    if (conversation.advance()) {
      escalation.replyHeard();
      connection.replyHeard();
      caller.letThrough();
    }
    this.#parts.manualTurns.advance();
    this.#parts.noisyWait.advance();
    if (farewell.isHeard) this.#parts.streams.close(1000);
    if (farewell.needsNoModel || leg.isAccepted) recovery.close();
    this.#parts.tools.advance();
    recovery.advance();
    this.#parts.rotator.advance();
    this.#parts.watchdog.advance();
    escalation.advance();
    this.#parts.idle.advance();
    this.#parts.operatorWords.advance();
  }

  #end(): void {
    const { conversation, leg, recovery } = this.#parts;
    if (leg.phase.name !== 'ended') return;
    const { reason } = leg.phase;
    recovery.close();
    conversation.end();
    this.#reaction.stopAllWaiting();
    this.#reaction.note('info', 'callEnded', callSummary(this.#parts, this.#reaction, reason));
    this.#parts.requests.end();
    this.#reaction.do({ type: 'call.end', reason });
  }
}
