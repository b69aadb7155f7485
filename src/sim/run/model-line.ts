import type { CallEffect } from '../../call/effects.ts';
import type { CallFact } from '../../call/events.ts';
import type { ErrorCode } from '../../errors.ts';
import type { ServiceEffect, ServiceEvent } from '../world/service-machine.ts';
import { closeRemedy } from '../../gemini/closes.ts';
import { modelFacts } from '../../gemini/messages.ts';
import {
  type AgentSetup,
  audioInput,
  liveSetup,
  type SessionStart,
  textTurn,
  toolResponses,
} from '../../gemini/setup.ts';
import { isJsonObject, parseJson } from '../../encoding/json.ts';

/** As in `src/gemini/live-session.ts`: the socket gives a setup that is not answered five seconds. */
const setupMsMax = 5_000;

/** As in `src/gemini/guarded-socket.ts`: a message with these keys is held back from the SDK, which would throw. */
const sdkGetters = ['text', 'data'];

type ModelOrder = Extract<CallEffect, { type: `model.${string}` }>;
type ModelNews = Extract<ServiceEvent, { type: `model.${string}` }>;

/**
 * The model sessions of a call in virtual time, one at a time: the rules of `src/gemini/live-session.ts` and of the SDK under it, with the product's
 * own translation of every message.
 */
export class ModelLine {
  readonly #agent: AgentSetup;
  readonly #apiKey: string;
  readonly #nextJitter: () => number;
  #state: 'unopened' | 'connecting' | 'open' | 'closed' = 'unopened';
  /** Counts the sessions: what an earlier one still brings is not for this one. */
  #session = 0;
  #ordersOfSessions = 0;
  #start: SessionStart = { handle: null, account: null };
  #failure: ErrorCode = 'model.unreachable';
  #setupUntilMs: number | null = null;
  #isConnected = false;
  /** What came before the setup was answered waits until there is a session to answer it with. */
  #early: CallFact[] = [];

  constructor(agent: AgentSetup, apiKey: string, nextJitter: () => number) {
    this.#agent = agent;
    this.#apiKey = apiKey;
    this.#nextJitter = nextJitter;
  }

  get deadlineMs(): number | null {
    return this.#setupUntilMs;
  }

  /** How often a session was ordered or given up: what one brings that was given up meanwhile is for nobody. */
  get ordersOfSessions(): number {
    return this.#ordersOfSessions;
  }

  perform(order: ModelOrder, atMs: number): ServiceEffect[] {
    if (order.type === 'model.open' || order.type === 'model.close') this.#ordersOfSessions += 1;
    switch (order.type) {
      case 'model.open':
        return this.#open(order, atMs);
      case 'model.close':
        return this.close();
      case 'model.sendAudio':
        return this.#send({ realtimeInput: audioInput(order.pcm) });
      case 'model.sendText':
        return this.#send({ clientContent: textTurn(order.text) });
      case 'model.answerTools':
        return this.#send({ toolResponse: toolResponses(order.answers, this.#agent.model) });
    }
  }

  #open({ handle, account }: Extract<ModelOrder, { type: 'model.open' }>, atMs: number): ServiceEffect[] {
    const closing = this.close();
    this.#session += 1;
    this.#start = { handle, account };
    this.#state = 'connecting';
    this.#failure = 'model.unreachable';
    this.#isConnected = false;
    this.#early = [];
    this.#setupUntilMs = atMs + setupMsMax;
    const session = this.#session;
    return [...closing, { type: 'model.connect', session, apiVersion: 'v1beta', apiKey: this.#apiKey }];
  }

  close(): ServiceEffect[] {
    const hadSocket = this.#state === 'connecting' || this.#state === 'open';
    this.#state = 'closed';
    this.#setupUntilMs = null;
    return hadSocket ? [{ type: 'model.close', session: this.#session }] : [];
  }

  /** Takes what the socket brings. Returns what must be sent, and what the call must be told. */
  take(news: ModelNews): { effects: ServiceEffect[]; facts: readonly CallFact[] } {
    const isCurrent = news.session === this.#session && (this.#state === 'connecting' || this.#state === 'open');
    if (!isCurrent) return { effects: [], facts: [] };
    switch (news.type) {
      case 'model.connected':
        this.#isConnected = true;
        return { effects: this.#sendRaw(setupMessage(this.#agent, this.#start)), facts: [] };
      case 'model.received':
        return { effects: [], facts: this.#receive(news.text) };
      case 'model.closed':
        return this.#lost(news.code, news.reason);
    }
  }

  /** The setup was not answered in time. */
  expire(atMs: number): { effects: ServiceEffect[]; facts: readonly CallFact[] } {
    if (this.#setupUntilMs === null || atMs < this.#setupUntilMs) return { effects: [], facts: [] };
    if (this.#isConnected) this.#failure = 'model.setupTimeout';
    return this.#lost(1006, '');
  }

  #receive(text: string): readonly CallFact[] {
    const message = parseJson(text);
    if (!isJsonObject(message) || sdkGetters.some((name) => name in message)) {
      return [{ type: 'model.frameRejected', fault: 'model.frameInvalid' }];
    }
    this.#setupUntilMs = null;
    const facts = modelFacts(message);
    if (this.#state === 'open') return facts;
    this.#early.push(...facts);
    if (message.setupComplete === undefined) return [];
    this.#state = 'open';
    return [{ type: 'model.opened' }, ...this.#early.splice(0)];
  }

  #lost(code: number, reason: string): { effects: ServiceEffect[]; facts: readonly CallFact[] } {
    // A close with a reason of its own is an answer to the setup; 1006 is none.
    const fault = code === 1006 ? this.#failure : 'model.setupRefused';
    const how = { remedy: closeRemedy(code, reason), jitter: this.#nextJitter() };
    const fact: CallFact =
      this.#state === 'connecting'
        ? { type: 'model.openFailed', fault, ...how }
        : { type: 'model.closed', code, reason, ...how };
    return { effects: this.close(), facts: [fact] };
  }

  #send(message: object): ServiceEffect[] {
    return this.#state === 'open' ? this.#sendRaw(message) : [];
  }

  #sendRaw(message: object): ServiceEffect[] {
    return [{ type: 'model.send', session: this.#session, message }];
  }
}

/** The setup as the SDK writes it on the socket: `fixtures/wire/gemini/to-gemini-setup.json` holds what the real one wrote. */
export function setupMessage(agent: AgentSetup, start?: SessionStart): object {
  const { model, config } = liveSetup(agent, start);
  const { responseModalities, speechConfig, thinkingConfig, systemInstruction, ...rest } = config;
  return {
    setup: {
      model: `models/${model}`,
      generationConfig: {
        responseModalities,
        ...(speechConfig && { speechConfig }),
        ...(thinkingConfig && { thinkingConfig }),
      },
      systemInstruction: { parts: [{ text: systemInstruction }], role: 'user' },
      ...rest,
    },
  };
}
