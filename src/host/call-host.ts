import { Call } from '../call/call.ts';
import type { CalleeInstruction, CallEffect, CallInstruction } from '../call/effects.ts';
import type { CalleeQuestion, CallEvent, CallFact, CallQuestion, CallRequest, OperatorOrder } from '../call/events.ts';
import { type OrderOutcome, orderOutcome } from '../call/operator/request-refusal.ts';
import { orphanInstruction } from '../call/phone/exit-instruction.ts';
import { guardedSocket } from '../system/guard.ts';
import type { Logger } from '../system/logger.ts';
import type { Socket } from '../system/socket.ts';
import type { StreamOwner } from '../twilio/media-handshake.ts';
import type { StreamBudget } from '../twilio/stream-budget.ts';
import { MediaStream } from '../twilio/media-stream.ts';
import { CallClosing, goingAwayCode } from './call-closing.ts';
import { type CallDrivers, type Door, logCrash, takeEach, throughDoors } from './call-doors.ts';
import { CallObservers } from './call-observers.ts';
import type { CallWorld } from './call-world.ts';
import { EffectPerformer } from './effect-performer.ts';
import { CallTimer } from './timing/call-timer.ts';
import type { EqualWaits } from './timing/equal-waits.ts';
import { FrameJoiner } from './timing/frame-joiner.ts';

/**
 * Hosts one call: stamps what happens with the time, lets the call react, and has done what it orders. It owns the call's one timer.
 * Whatever enters comes through a door, and what throws beyond it ends this call alone.
 */
export class CallHost implements StreamOwner {
  readonly callSid: string;
  readonly #world: CallWorld;
  readonly #drivers: CallDrivers;
  readonly #log: Logger;
  readonly #call: Call;
  readonly #performer: EffectPerformer;
  readonly #startedAtMs: number;
  readonly #timer: CallTimer;
  readonly #frames: FrameJoiner;
  readonly #observers: CallObservers;
  readonly #closing: CallClosing;
  readonly #waiting: { readonly fact: CallFact; readonly isCurrent: () => boolean }[] = [];
  #isHandling = false;
  #isLeaving = false;
  #isHandedOver = false;
  #answer: CallInstruction | CalleeInstruction | null = null;
  #firstTwiml: string | null = null;
  #outcome: OrderOutcome | null = null;
  /** That of the newest stream. */
  #socket: Socket | null = null;

  constructor(callSid: string, world: CallWorld, log: Logger) {
    this.callSid = callSid;
    this.#world = world;
    this.#drivers = throughDoors(world, (door, work) => void this.#enter(door, work));
    this.#log = log.child({ callSid });
    this.#observers = new CallObservers(world.observers, this.#log);
    this.#startedAtMs = world.clock.nowMs();
    const { settings, audioPath, makeCall } = world;
    this.#call = makeCall?.(settings, audioPath) ?? new Call(settings, audioPath);
    const frameWaits: Pick<EqualWaits, 'begin'> = {
      begin: (fire) => world.frameWaits.begin(() => void this.#enter('timer', fire)),
    };
    const { clock } = this.#drivers;
    this.#frames = new FrameJoiner(clock, frameWaits, world.busyness, (frame) => this.#takeNow(frame));
    this.#timer = new CallTimer(this.#drivers.clock, this, (lateMs) => {
      this.#take({ type: 'tick', ...(lateMs > 0 && { lateMs }) });
    });
    this.#performer = new EffectPerformer({
      callSid,
      world,
      drivers: this.#drivers,
      onFact: (fact, isCurrent) => this.#take(fact, isCurrent),
      isFenced: () => this.isFenced,
      log: this.#log,
    });
    this.#closing = new CallClosing({
      timer: this.#timer,
      performer: this.#performer,
      observers: this.#observers,
      releaseRecord: this.#drivers.release,
      tally: () => this.#call.tally,
      onEnd: world.onEnd,
      log: this.#log,
    });
  }

  /** Whether another process has the call. */
  get isFenced(): boolean {
    return this.#closing.isFenced;
  }

  /** Whether the call was left to the next process. */
  get isReleased(): boolean {
    return this.#closing.isReleased;
  }

  /** Time since the call began. */
  get nowMs(): number {
    return this.#world.clock.nowMs() - this.#startedAtMs;
  }

  /** When the call must be looked at next, in ms since it began; null for not at all. */
  get deadlineMs(): number | null {
    return this.#closing.isLive ? (this.#call.nextDeadline()?.atMs ?? null) : null;
  }

  /** `deadlineMs` is not earlier than this; -Infinity when that is not known. */
  get soonestMs(): number {
    return this.#closing.isLive ? this.#call.soonestDeadlineMs : -Infinity;
  }

  /** What became of the call's audio so far. */
  get audio(): Call['tally'] {
    return this.#call.tally;
  }

  /** Whether the exit is decided, so that no other process need go on with the call. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** Whether another process could go on with the call without anybody noticing: nobody speaks or waits. */
  get isQuiet(): boolean {
    return this.#closing.isLive && this.#call.isQuiet;
  }

  /** Whether a person or the voicemail has the caller, so that only the last webhook is still to come. */
  get isHandedOver(): boolean {
    return this.#isHandedOver;
  }

  /** Answers a webhook with TwiML: a repeated one with the same (TW-HOOK-4), one over which the call breaks with the apology and the fallback. */
  ask(fact: CallQuestion | CalleeQuestion): string {
    return this.#enter('ask', () => this.#answerTo(fact)) ?? this.#orphanTwiml(fact);
  }

  /** Takes any other fact. */
  tell(fact: CallFact): void {
    this.#enter('tell', () => this.#take(fact));
  }

  /** Takes what an operator orders, and says at once whether the call does it. */
  order(order: OperatorOrder): OrderOutcome {
    return this.#enter('order', () => this.#request(order)) ?? orderOutcome('callIsOver');
  }

  /** Takes a picture that the caller shows, and says at once whether the model gets it. */
  show(jpeg: Uint8Array): OrderOutcome {
    const show = (): OrderOutcome | null =>
      this.#performer.hold(jpeg)
        ? this.#request({ type: 'caller.pictured', bytes: jpeg.length })
        : orderOutcome('noPicture');
    return this.#enter('show', show) ?? orderOutcome('callIsOver');
  }

  claimStream(token: string): boolean {
    return this.#enter('claimStream', () => this.#performer.claimStream(token)) ?? false;
  }

  attach(socket: Socket, streamSid: string, budget: StreamBudget): void {
    const guarded = guardedSocket(socket, (callback, work) => void this.#enter(`stream.${callback}`, work));
    this.#socket = guarded;
    const stream = new MediaStream(guarded, streamSid, this.#drivers.clock, budget);
    this.#enter('attach', () => {
      // What the last stream has brought is answered on that one.
      this.#frames.flush();
      this.#performer.attach(stream);
      stream.listen((fact) => this.#take(fact));
      this.#take({ type: 'stream.started', streamSid });
    });
    if (this.#closing.isLost) stream.close(1000);
  }

  /** Another process has the call. This host closes what it has of it and tells Twilio nothing. */
  fence(): void {
    this.#enter('fence', () => {
      if (!this.#closing.isLive) return;
      this.#log.warn({}, 'callFenced');
      this.#closing.close('fenced');
    });
  }

  /**
   * Leaves the call to the next process, which goes on with it when Twilio asks what comes after the stream. This host does nothing more
   * for it. `isThere`: that process is there now, so the line is away for a moment only. Calls `done` when the stream is closed.
   */
  release(isThere: boolean, done: () => void): void {
    this.#enter('release', () => {
      this.#frames.flush();
      // While Twilio waits for a process that has yet to start, a caller whose turn it is has long begun to speak.
      const wasQuiet = isThere && this.isQuiet;
      // The call notes how much of the agent's words was heard, as it does whenever a stream is lost.
      this.#take({ type: 'stream.closed', code: goingAwayCode });
      this.#closing.release(wasQuiet);
    });
    this.#closing.whenGone(done);
  }

  #answerTo(fact: CallQuestion | CalleeQuestion): string {
    this.#answer = null;
    this.#take(fact);
    if (fact.type === 'call.received' && this.#firstTwiml !== null) return this.#firstTwiml;
    const twiml = this.#answer === null ? this.#orphanTwiml(fact) : this.#performer.render(this.#answer);
    if (!fact.type.startsWith('callee.')) this.#firstTwiml ??= twiml;
    return twiml;
  }

  #request(fact: CallRequest): OrderOutcome | null {
    this.#outcome = null;
    this.#take(fact);
    return this.#outcome;
  }

  #orphanTwiml(fact: CallQuestion | CalleeQuestion): string {
    return this.#performer.render(orphanInstruction(fact, this.#world.settings));
  }

  /** Takes a fact that is within a door. A frame of the caller may wait for others that were read with it. */
  #take(fact: CallFact, isCurrent = (): boolean => true): void {
    if (fact.type === 'stream.media') return this.#frames.add(fact);
    this.#frames.flush();
    this.#takeNow(fact, isCurrent);
  }

  /** One that comes while another is being handled waits for its turn. */
  #takeNow(fact: CallFact, isCurrent = (): boolean => true): void {
    if (this.#isHandling) {
      this.#waiting.push({ fact, isCurrent });
      return;
    }
    this.#isHandling = true;
    if (!this.#closing.isLost && isCurrent()) this.#handle(fact);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (!this.#closing.isLost && next.isCurrent()) this.#handle(next.fact);
    }
    this.#isHandling = false;
    if (this.#closing.isLost) return;
    this.#isLeaving = this.#call.isLeaving;
    this.#isHandedOver = this.#call.isHandedOver;
    this.#timer.arm();
  }

  #handle(fact: CallFact): void {
    const event = eventOf(fact, this.nowMs);
    let effects: readonly CallEffect[] = [];
    try {
      effects = this.#call.handle(event);
      for (const effect of effects) this.#perform(effect);
    } finally {
      // A step that failed is observed as well, because a replay must see it.
      this.#observers.write(event, effects, this.nowMs - event.atMs);
    }
    if (this.#closing.isLost) return;
    if (effects.at(-1)?.type === 'call.end') this.#closing.close('ended');
    this.#performer.performRecorded();
  }

  #perform(effect: CallEffect): void {
    // A callback that came at once may have broken the call.
    if (this.#closing.isLost) return;
    if (effect.type === 'call.answer' || effect.type === 'callee.answer') this.#answer = effect.instruction;
    else if (effect.type === 'request.answer') this.#outcome = orderOutcome(effect.refusal);
    else this.#performer.perform(effect);
  }

  /** Runs what enters by a door, and returns what it brings; null when it threw, which ends the call. */
  #enter<Brought>(door: Door, work: () => Brought): Brought | null {
    try {
      this.#world.onEnter?.(door);
      return work();
    } catch (error) {
      this.#crash(door, error);
      return null;
    }
  }

  /** A fault of ours. This call ends with an apology; no other call notices. */
  #crash(door: Door, error: unknown): void {
    this.#isHandling = false;
    // What would have cut it, if the other end never answers, may be what broke.
    const cut = this.#socket?.isOpen === false ? this.#socket : null;
    this.#closing.close('crashed');
    logCrash(this.#log, error, door);
    takeEach([() => this.#performer.performRecorded(), () => cut?.terminate()], this.#log);
  }
}

/** A fact with its time. Most are frames of the caller, and to name their members is quicker than to copy whatever there is. */
function eventOf(fact: CallFact, atMs: number): CallEvent {
  if (fact.type !== 'stream.media') return { ...fact, atMs };
  const { type, sequence, timestampMs, audio } = fact;
  return { type, sequence, timestampMs, audio, atMs };
}
