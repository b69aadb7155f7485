import { randomBytes } from 'node:crypto';
import type { AudioPath } from '../audio/audio-path.ts';
import { Call } from '../call/call.ts';
import type { CallSettings } from '../call/call-settings.ts';
import type { CallDocument, CallEffect } from '../call/effects.ts';
import type { CallEvent, CallFact, CallQuestion } from '../call/events.ts';
import { orphanDocument } from '../call/phone/exit-document.ts';
import type { Tool } from '../tools/tool.ts';
import type { ModelSession } from '../gemini/live-session.ts';
import type { Logger } from '../system/logger.ts';
import type { MediaSocket } from '../twilio/media-stream.ts';
import { StreamTokens } from '../twilio/stream-tokens.ts';
import { ToolRunner } from './tool-runner.ts';
import type { Telephony } from '../twilio/edge/rest.ts';

/** Somebody who sees what happens on a call and what it orders, such as its log. */
export interface CallObserver {
  /** One step, when all of its effects are done. `tookMs` is the time from the event until then. */
  write(event: CallEvent, effects: readonly CallEffect[], tookMs: number): void;
  close(): void;
}

/** With what a model session begins. */
export type ModelOrder = Extract<CallEffect, { type: 'model.open' }>;

/** What a call needs of the world. */
export interface CallWorld {
  readonly settings: CallSettings;
  readonly audioPath: AudioPath;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly telephony: Telephony;
  /** `after` is the session before, which must be gone. */
  readonly openModel: (
    order: ModelOrder,
    after: ModelSession | null,
    onFact: (fact: CallFact) => void,
    log: Logger,
  ) => ModelSession;
  /** Writes the TwiML of a document. The token is what the next stream must bring. */
  readonly render: (document: CallDocument, streamToken: string) => string;
  readonly observers: readonly CallObserver[];
  /** Resolves, in bounded time, when the observers' notes are safe, or when another process turned out to have the call: then `fence` was called. */
  readonly settled: () => Promise<void>;
  /** Resolves, in bounded time, when the notes are safe with which another process goes on. No note is taken afterwards. */
  readonly release: () => Promise<void>;
  readonly onEnd: (host: CallHost) => void;
}

/** Closes the stream of a call that is released: the code that RFC 6455 has for a server which goes down, so any client knows it. */
const goingAwayCode = 1001;

/**
 * Hosts one call: stamps what happens with the time, lets the call react, and does what it orders. It owns the call's one timer, its
 * model session, its stream and its tools.
 */
export class CallHost {
  readonly callSid: string;
  readonly #world: CallWorld;
  readonly #log: Logger;
  readonly #call: Call;
  readonly #tools: ToolRunner;
  readonly #startedAtMs = performance.now();
  readonly #observers: Set<CallObserver>;
  readonly #waiting: { readonly fact: CallFact; readonly ofModel: number | null }[] = [];
  #state: 'live' | 'ended' | 'crashed' | 'fenced' | 'released' = 'live';
  #isHandling = false;
  #timer: NodeJS.Timeout | null = null;
  #immediate: NodeJS.Immediate | null = null;
  #stream: MediaSocket | null = null;
  #model: ModelSession | null = null;
  #modelNumber = 0;
  /** The answer to Twilio's question in hand. */
  #answer: CallDocument | null = null;
  #firstTwiml: string | null = null;
  readonly #streamTokens = new StreamTokens(() => randomBytes(24).toString('base64url'));

  constructor(callSid: string, world: CallWorld, log: Logger) {
    this.callSid = callSid;
    this.#world = world;
    this.#observers = new Set(world.observers);
    this.#log = log.child({ callSid });
    this.#call = new Call(world.settings, world.audioPath);
    const { settled } = world;
    this.#tools = new ToolRunner(world.tools, { callSid, onFact: (fact) => this.tell(fact), settled, log: this.#log });
  }

  /** Whether another process has the call. */
  get isFenced(): boolean {
    return this.#state === 'fenced';
  }

  /** Whether the call was left to the next process. */
  get isReleased(): boolean {
    return this.#state === 'released';
  }

  /** Whether the agent's part is ending, so that nobody need go on with it. */
  get isLeaving(): boolean {
    return this.#call.isLeaving;
  }

  /** Whether the caller talks to a human, so that nothing but the last webhook is to come. */
  get isHandedOver(): boolean {
    return this.#call.isHandedOver;
  }

  /** Takes a webhook that wants an answer, and returns the TwiML. A repeated voice webhook gets the same answer (TW-HOOK-4). */
  ask(fact: CallQuestion): string {
    this.#answer = null;
    this.tell(fact);
    if (fact.type === 'call.received' && this.#firstTwiml !== null) return this.#firstTwiml;
    const twiml = this.#render(this.#answer ?? orphanDocument(fact, this.#world.settings));
    this.#firstTwiml ??= twiml;
    return twiml;
  }

  /** Takes whatever else happens. What is told while another fact is being handled waits for its turn. */
  tell(fact: CallFact): void {
    this.#take(fact, null);
  }

  /** `ofModel`: which model session says so. What one says that was closed meanwhile is for nobody. */
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

  /** Takes a stream that proves with its token that it is the one which was asked for. Each token works once. */
  claimStream(token: string): boolean {
    return this.#streamTokens.claim(token);
  }

  attach(stream: MediaSocket): void {
    this.#stream?.close(1000);
    this.#stream = stream;
    stream.listen((fact) => this.tell(fact));
    this.tell({ type: 'stream.started', streamSid: stream.streamSid });
  }

  /** Another process has the call: nothing of ours acts for it any more, and Twilio is told nothing. */
  fence(): void {
    if (this.#state !== 'live') return;
    this.#log.warn({}, 'callFenced');
    this.#end('fenced');
    this.#stopObserving();
    this.#armTimer();
  }

  /**
   * Leaves the call to the next process, which goes on with it when Twilio asks what comes after the stream. Nothing of ours acts for it from
   * here on. Resolves when the stream is closed, which waits, in bounds, until the journal has what the next process must know.
   */
  async release(): Promise<void> {
    // The call notes how much of the agent's words was heard, as it does whenever a stream is lost.
    this.tell({ type: 'stream.closed', code: goingAwayCode });
    if (this.#state !== 'live') return;
    this.#stopActing('released');
    this.#armTimer();
    await this.#world.release();
    this.#stopObserving();
    this.#closeStream(goingAwayCode);
    this.#log.info({}, 'callReleased');
    this.#world.onEnd(this);
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
    // Also the step that failed, because a replay must see it.
    this.#observe(event, effects);
    if (effects.at(-1)?.type === 'call.end') this.#end('ended');
    if (this.#state !== 'live') this.#stopObserving();
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
        this.#answer = effect.document;
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
        return this.#tools.run(effect.call);
      case 'tool.cancel':
        return this.#tools.cancel(effect.id);
      case 'telephony.update':
        return void this.#update(effect.document);
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

  async #update(document: CallDocument): Promise<void> {
    const twiml = this.#render(document);
    // A process that stood still for long may have lost the call without knowing it. The note of this step, which is made when its effects
    // are done, brings it to light.
    await Promise.resolve();
    await this.#world.settled();
    if (this.#state === 'fenced') return;
    this.tell(await this.#world.telephony.update(this.callSid, twiml));
  }

  #render(document: CallDocument): string {
    return this.#world.render(document, document.kind === 'stream' ? this.#streamTokens.of(document.number) : '');
  }

  get #nowMs(): number {
    return performance.now() - this.#startedAtMs;
  }

  #armTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#timer = null;
    this.#immediate = null;
    const deadline = this.#state === 'live' ? this.#call.nextDeadline() : null;
    if (deadline === null) return;
    // Rounded up, because a tick before its time does nothing and would be asked for again at once.
    const waitMs = Math.max(0, Math.ceil(deadline.atMs - this.#nowMs));
    // A busy process first reads what has arrived meanwhile, and then says that time has passed.
    this.#timer = setTimeout(() => {
      this.#immediate = setImmediate(() => this.tell({ type: 'tick' }));
    }, waitMs);
  }

  /** We failed. This call ends with an apology; no other call notices. */
  #crash(error: unknown): void {
    this.#log.error({ fault: 'call.crashed', err: error }, 'callCrashed');
    this.#end('crashed');
  }

  #end(state: 'ended' | 'crashed' | 'fenced'): void {
    this.#stopActing(state);
    this.#closeStream(1000);
    this.#world.onEnd(this);
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
