import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { MulawCodec } from '../audio/mulaw.ts';
import { Call } from '../core/call.ts';
import type { CallSettings } from '../core/call-settings.ts';
import type { CallDocument, CallEffect } from '../core/effects.ts';
import type { CallEvent, CallFact } from '../core/events.ts';
import { exitDocument } from '../core/exit-document.ts';
import type { Tool } from '../tools/tool.ts';
import type { ModelSession } from './gemini-client.ts';
import type { Logger } from './logger.ts';
import type { MediaSocket } from './media-socket.ts';
import { ToolRunner } from './tool-runner.ts';
import type { Telephony } from './twilio-rest.ts';

/** Somebody who sees what happens on a call and what it orders, such as its log. */
export interface CallObserver {
  /** One step, when all of its effects are done. `tookMs` is the time from the event until then. */
  write(event: CallEvent, effects: readonly CallEffect[], tookMs: number): void;
  close(): void;
}

/** What a call needs of the world. */
export interface CallWorld {
  readonly settings: CallSettings;
  readonly codec: MulawCodec;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly telephony: Telephony;
  readonly openModel: (onFact: (fact: CallFact) => void, log: Logger) => ModelSession;
  /** Writes the TwiML of a document. The token is what the next stream must bring. */
  readonly render: (document: CallDocument, streamToken: string) => string;
  readonly observers: readonly CallObserver[];
  readonly onEnd: () => void;
}

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
  readonly #waiting: CallFact[] = [];
  #state: 'live' | 'ended' | 'crashed' = 'live';
  #isHandling = false;
  #timer: NodeJS.Timeout | null = null;
  #stream: MediaSocket | null = null;
  #model: ModelSession | null = null;
  /** The answer to Twilio's question in hand. */
  #answer: CallDocument | null = null;
  #firstTwiml: string | null = null;
  #streamToken: string | null = null;

  constructor(callSid: string, world: CallWorld, log: Logger) {
    this.callSid = callSid;
    this.#world = world;
    this.#observers = new Set(world.observers);
    this.#log = log.child({ callSid });
    this.#call = new Call(world.settings, world.codec);
    this.#tools = new ToolRunner(world.tools, callSid, (fact) => this.tell(fact), this.#log);
  }

  /** Whether the caller talks to a human, so that nothing but the last webhook is to come. */
  get isHandedOver(): boolean {
    return this.#call.isHandedOver;
  }

  /** Takes a webhook that wants an answer, and returns the TwiML. A repeated voice webhook gets the same answer (TW-HOOK-4). */
  ask(fact: Extract<CallFact, { type: 'call.received' | 'connect.ended' | 'dial.ended' }>): string {
    this.#answer = null;
    this.tell(fact);
    if (fact.type === 'call.received' && this.#firstTwiml !== null) return this.#firstTwiml;
    const twiml = this.#render(this.#answer ?? this.#crashDocument(fact));
    this.#firstTwiml ??= twiml;
    return twiml;
  }

  /** Takes whatever else happens. What is told while another fact is being handled waits for its turn. */
  tell(fact: CallFact): void {
    this.#waiting.push(fact);
    if (this.#isHandling) return;
    this.#isHandling = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) this.#handle(next);
    this.#isHandling = false;
    this.#armTimer();
  }

  /** Takes a stream that proves with its token that it is the one which was asked for. Each token works once. */
  claimStream(token: string): boolean {
    if (this.#streamToken === null) return false;
    // The bytes are compared, because texts of one length may have more of them, at which the comparison would throw.
    const [given, expected] = [Buffer.from(token), Buffer.from(this.#streamToken)];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
    this.#streamToken = null;
    return true;
  }

  attach(stream: MediaSocket): void {
    this.#stream?.close(1000);
    this.#stream = stream;
    stream.listen((fact) => this.tell(fact));
    this.tell({ type: 'stream.started', streamSid: stream.streamSid });
  }

  #handle(fact: CallFact): void {
    if (this.#state === 'crashed') return;
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
        this.#stream?.close(effect.code);
        this.#stream = null;
        return;
      case 'model.open':
        this.#model = this.#world.openModel((fact) => this.tell(fact), this.#log);
        return;
      case 'model.sendAudio':
        return this.#model?.sendAudio(effect.pcm);
      case 'model.sendText':
        return this.#model?.sendText(effect.text);
      case 'model.answerTools':
        return this.#model?.answerTools(effect.answers);
      case 'model.close':
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

  async #update(document: CallDocument): Promise<void> {
    this.tell(await this.#world.telephony.update(this.callSid, this.#render(document)));
  }

  /** Each stream brings its own token, so that an old stream can do nothing any more. Until it is used, a repeated answer repeats it. */
  #render(document: CallDocument): string {
    if (document.kind === 'stream') this.#streamToken ??= randomBytes(24).toString('base64url');
    return this.#world.render(document, this.#streamToken ?? '');
  }

  get #nowMs(): number {
    return performance.now() - this.#startedAtMs;
  }

  #armTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const deadline = this.#state === 'live' ? this.#call.nextDeadline() : null;
    if (deadline === null) return;
    // Rounded up, because a tick before its time does nothing and would be asked for again at once.
    const waitMs = Math.max(0, Math.ceil(deadline.atMs - this.#nowMs));
    this.#timer = setTimeout(() => this.tell({ type: 'tick' }), waitMs);
  }

  /** We failed. This call ends with an apology; no other call notices. */
  #crash(error: unknown): void {
    this.#log.error({ fault: 'call.crashed', err: error }, 'callCrashed');
    this.#end('crashed');
  }

  #crashDocument(fact: CallFact): CallDocument {
    // A leg that was dialled for the apology has ended: there is nothing more to say.
    return fact.type === 'dial.ended'
      ? { kind: 'hangUp', say: null }
      : exitDocument({ kind: 'fallback' }, this.#world.settings);
  }

  #end(state: 'ended' | 'crashed'): void {
    this.#state = state;
    this.#streamToken = null;
    this.#tools.cancelAll();
    this.#model?.close();
    this.#model = null;
    this.#stream?.close(1000);
    this.#stream = null;
    this.#world.onEnd();
  }
}
