import { Call } from '../call/call.ts';
import type { CallObserver } from '../call/call-observer.ts';
import type { CallInstruction, CallEffect } from '../call/effects.ts';
import type { CallEvent, CallFact, CallQuestion } from '../call/events.ts';
import { orphanInstruction } from '../call/phone/exit-instruction.ts';
import type { ModelSession } from '../gemini/live-session.ts';
import type { Timer } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import type { StreamOwner } from '../twilio/media-handshake.ts';
import type { MediaStream } from '../twilio/media-stream.ts';
import { StreamTokens } from '../twilio/stream-tokens.ts';
import type { CallWorld, ModelOrder } from './call-world.ts';
import { ToolRunner } from './tool-runner.ts';

/** The close code for the stream of a call that is released: "going away" of RFC 6455. */
const goingAwayCode = 1001;

/**
 * Hosts one call: stamps what happens with the time, lets the call react, and does what it orders. It owns the call's one timer, its
 * model session, its stream and its tools.
 */
export class CallHost implements StreamOwner {
  readonly callSid: string;
  readonly #world: CallWorld;
  readonly #log: Logger;
  readonly #call: Call;
  readonly #tools: ToolRunner;
  readonly #startedAtMs: number;
  readonly #observers: Set<CallObserver>;
  readonly #streamTokens: StreamTokens;
  readonly #waiting: { readonly fact: CallFact; readonly ofModel: number | null }[] = [];
  #state: 'live' | 'ended' | 'crashed' | 'fenced' | 'released' = 'live';
  #isHandling = false;
  #timer: { readonly atMs: number; readonly timer: Timer } | null = null;
  #stream: MediaStream | null = null;
  #model: ModelSession | null = null;
  #modelNumber = 0;
  /** The answer to the question that Twilio is asking now. */
  #answer: CallInstruction | null = null;
  #firstTwiml: string | null = null;
  /** Effects that may only begin when the step that ordered them is on record. */
  #recordedFirst: (() => void)[] = [];

  constructor(callSid: string, world: CallWorld, log: Logger) {
    this.callSid = callSid;
    this.#world = world;
    this.#observers = new Set(world.observers);
    this.#log = log.child({ callSid });
    this.#startedAtMs = world.clock.nowMs();
    this.#streamTokens = new StreamTokens(world.randomness.token);
    const { settings, audioPath, makeCall } = world;
    this.#call = makeCall?.(settings, audioPath) ?? new Call(settings, audioPath);
    this.#tools = new ToolRunner({ ...world.tools, callSid, onFact: (fact) => this.tell(fact), log: this.#log });
  }

  /** Whether another process has the call. */
  get isFenced(): boolean {
    return this.#state === 'fenced';
  }

  /** Whether the call was left to the next process. */
  get isReleased(): boolean {
    return this.#state === 'released';
  }

  /** Whether the exit is decided, so that no other process need go on with the call. */
  get isLeaving(): boolean {
    return this.#call.isLeaving;
  }

  /** Whether a person or the voicemail has the caller, so that only the last webhook is still to come. */
  get isHandedOver(): boolean {
    return this.#call.isHandedOver;
  }

  /** Takes a webhook that wants an answer, and returns the TwiML. A repeated voice webhook gets the same answer (TW-HOOK-4). */
  ask(fact: CallQuestion): string {
    this.#answer = null;
    this.tell(fact);
    if (fact.type === 'call.received' && this.#firstTwiml !== null) return this.#firstTwiml;
    const twiml = this.#render(this.#answer ?? orphanInstruction(fact, this.#world.settings));
    this.#firstTwiml ??= twiml;
    return twiml;
  }

  /** Takes any other fact. One that comes while another is being handled waits for its turn. */
  tell(fact: CallFact): void {
    this.#take(fact, null);
  }

  /** `ofModel`: the number of the model session that the fact is from. Facts of a session that was closed meanwhile are dropped. */
  #take(fact: CallFact, ofModel: number | null): void {
    this.#waiting.push({ fact, ofModel });
    if (this.#isHandling) return;
    this.#isHandling = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (next.ofModel === null || next.ofModel === this.#modelNumber) this.#handle(next.fact);
    }
    this.#isHandling = false;
    this.#armTimer();
  }

  claimStream(token: string): boolean {
    return this.#streamTokens.claim(token);
  }

  attach(stream: MediaStream): void {
    this.#stream?.close(1000);
    this.#stream = stream;
    stream.listen((fact) => this.tell(fact));
    this.tell({ type: 'stream.started', streamSid: stream.streamSid });
  }

  /** Another process has the call. This host closes what it has of it and tells Twilio nothing. */
  fence(): void {
    if (this.#state !== 'live') return;
    this.#log.warn({}, 'callFenced');
    this.#end('fenced');
    this.#stopObserving();
    this.#armTimer();
  }

  /**
   * Leaves the call to the next process, which goes on with it when Twilio asks what comes after the stream. This host does nothing more
   * for it. Calls `done` when the stream is closed. Before that, the journal gets a bounded time to write what the next process must know.
   */
  release(done: () => void): void {
    // The call notes how much of the agent's words was heard, as it does whenever a stream is lost.
    this.tell({ type: 'stream.closed', code: goingAwayCode });
    if (this.#state !== 'live') return done();
    this.#stopActing('released');
    this.#armTimer();
    this.#world.release(() => {
      this.#stopObserving();
      this.#closeStream(goingAwayCode);
      this.#log.info({}, 'callReleased');
      this.#world.onEnd();
      done();
    });
  }

  #handle(fact: CallFact): void {
    if (this.#state === 'crashed' || this.#state === 'fenced' || this.#state === 'released') return;
    const event: CallEvent = { ...fact, atMs: this.#nowMs };
    let effects: readonly CallEffect[] = [];
    try {
      effects = this.#call.handle(event);
      for (const effect of effects) this.#perform(effect);
    } catch (error) {
      this.#crash(error);
    }
    // A step that failed is observed as well, because a replay must see it.
    this.#observe(event, effects);
    if (effects.at(-1)?.type === 'call.end') this.#end('ended');
    if (this.#state !== 'live') this.#stopObserving();
    // A process that stood still may have lost the call without knowing it. Writing this step to the journal shows that.
    for (const act of this.#recordedFirst.splice(0)) this.#world.settled(act);
  }

  #observe(event: CallEvent, effects: readonly CallEffect[]): void {
    const tookMs = this.#nowMs - event.atMs;
    for (const observer of this.#observers) {
      try {
        observer.write(event, effects, tookMs);
      } catch (error) {
        this.#log.error({ err: error }, 'observerFailed');
        this.#observers.delete(observer);
      }
    }
  }

  #stopObserving(): void {
    for (const observer of this.#observers) observer.close();
    this.#observers.clear();
  }

  #perform(effect: CallEffect): void {
    switch (effect.type) {
      case 'call.answer':
        this.#answer = effect.instruction;
        return;
      case 'stream.media':
        return this.#stream?.sendMedia(effect.audio);
      case 'stream.mark':
        return this.#stream?.sendMark(effect.name);
      case 'stream.clear':
        return this.#stream?.sendClear();
      case 'stream.close':
        return this.#closeStream(effect.code);
      case 'model.open':
        return this.#openModel(effect);
      case 'model.sendAudio':
        return this.#model?.sendAudio(effect.pcm);
      case 'model.sendText':
        return this.#model?.sendText(effect.text);
      case 'model.answerTools':
        return this.#model?.answerTools(effect.answers);
      case 'model.close':
        this.#modelNumber += 1;
        return this.#model?.close();
      case 'tool.run':
        return this.#runTool(effect);
      case 'tool.cancel':
        return this.#tools.cancel(effect.id);
      case 'telephony.update':
        return this.#redirect(effect.instruction);
      case 'transcript.add':
        return this.#log.info({ speaker: effect.speaker, cut: effect.cut, pii: { text: effect.text } }, 'transcript');
      case 'note':
        return this.#log[effect.level](effect.fields, effect.name);
      case 'call.end':
        return;
    }
  }

  #openModel(order: ModelOrder): void {
    this.#model?.close();
    this.#modelNumber += 1;
    const number = this.#modelNumber;
    this.#model = this.#world.openModel(order, this.#model, (fact) => this.#take(fact, number), this.#log);
  }

  #runTool({ call }: Extract<CallEffect, { type: 'tool.run' }>): void {
    const start = this.#tools.accept(call);
    if (start !== null) this.#recordedFirst.push(start);
  }

  #redirect(instruction: CallInstruction): void {
    const twiml = this.#render(instruction);
    this.#recordedFirst.push(() => {
      if (this.#state === 'fenced') return;
      this.#world.redirect(this.callSid, twiml, (fact) => this.tell(fact));
    });
  }

  #render(instruction: CallInstruction): string {
    return this.#world.render(
      instruction,
      instruction.kind === 'stream' ? this.#streamTokens.of(instruction.number) : '',
    );
  }

  get #nowMs(): number {
    return this.#world.clock.nowMs() - this.#startedAtMs;
  }

  /**
   * A timer that fires before the call's next deadline is kept, and looks again when it fires. Most deadlines are moved before they are
   * due.
   */
  #armTimer(): void {
    const deadline = this.#state === 'live' ? this.#call.nextDeadline() : null;
    if (deadline !== null && this.#timer !== null && this.#timer.atMs <= deadline.atMs) return;
    this.#timer?.timer.cancel();
    this.#timer = null;
    if (deadline === null) return;
    // Rounded up, because an early tick does nothing, and the next one would follow at once.
    const waitMs = Math.max(0, Math.ceil(deadline.atMs - this.#nowMs));
    this.#timer = { atMs: this.#nowMs + waitMs, timer: this.#world.clock.after(waitMs, () => this.#timeHasPassed()) };
  }

  #timeHasPassed(): void {
    this.#timer = null;
    const deadline = this.#call.nextDeadline();
    if (deadline !== null && deadline.atMs <= this.#nowMs) this.tell({ type: 'tick' });
    else this.#armTimer();
  }

  /** A fault of ours. This call ends with an apology; no other call notices. */
  #crash(error: unknown): void {
    this.#log.error({ fault: 'call.crashed', err: error }, 'callCrashed');
    this.#end('crashed');
  }

  #end(state: 'ended' | 'crashed' | 'fenced'): void {
    this.#stopActing(state);
    this.#closeStream(1000);
    this.#world.onEnd();
  }

  #stopActing(state: 'ended' | 'crashed' | 'fenced' | 'released'): void {
    this.#state = state;
    this.#streamTokens.revoke();
    this.#tools.cancelAll();
    this.#model?.close();
    this.#model = null;
  }

  #closeStream(code: number): void {
    this.#stream?.close(code);
    this.#stream = null;
  }
}
