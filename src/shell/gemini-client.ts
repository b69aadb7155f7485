import { GoogleGenAI, type LiveConnectParameters, type Session } from '@google/genai';
import type { ToolAnswer } from '../core/effects.ts';
import type { CallFact } from '../core/events.ts';
import { type ErrorCode, ParleyError } from '../errors.ts';
import { modelFacts } from '../wire/gemini-messages.ts';
import { type AgentSetup, audioInput, liveSetup, textTurn, toolResponses } from '../wire/gemini-setup.ts';
import { GuardedSocket, type SdkSocketCallbacks } from './guarded-socket.ts';
import type { Logger } from './logger.ts';

/** Minimal setups are answered in 0.3 s, long ones in up to 2.4 s; some models answer a setup that they dislike with silence (GM-SETUP-3). */
const setupMsMax = 5_000;

/** The only version that is proven for live sessions; the SDK would take another (GM-SETUP-1). */
const apiVersion = 'v1beta';

/** How a call speaks to its model session. After `close`, everything is dropped without a word (GM-SDK-3). */
export interface ModelSession {
  /** Caller audio: 16 kHz PCM16 little-endian. */
  sendAudio(pcm: Uint8Array): void;
  sendText(text: string): void;
  answerTools(answers: readonly ToolAnswer[]): void;
  close(): void;
}

/** What it takes to open model sessions. */
export interface ModelAccess {
  readonly apiKey: string;
  /** Any compatible server; null for Google's. */
  readonly baseUrl: string | null;
  readonly setupMsMax?: number;
}

/**
 * Opens a model session. Returns at once; what happens is told to `onFact`: `model.opened` or `model.openFailed`, then whatever the
 * model says, and `model.closed` when it goes. Nothing is told after `close`.
 */
export function openModelSession(
  access: ModelAccess,
  agent: AgentSetup,
  onFact: (fact: CallFact) => void,
  log: Logger,
): ModelSession {
  return new GeminiSession(access, agent, onFact, log);
}

class GeminiSession implements ModelSession {
  readonly #model: string;
  readonly #onFact: (fact: CallFact) => void;
  readonly #log: Logger;
  #state: 'connecting' | 'open' | 'closed' = 'connecting';
  #socket: GuardedSocket | null = null;
  #session: Session | null = null;
  /** What the socket said before the setup was answered: the cause when it never is. */
  #failure: ErrorCode = 'model.unreachable';

  constructor(access: ModelAccess, agent: AgentSetup, onFact: (fact: CallFact) => void, log: Logger) {
    this.#model = agent.model;
    this.#onFact = onFact;
    this.#log = log;
    void this.#connect(access, agent);
  }

  sendAudio(pcm: Uint8Array): void {
    if (this.#socket?.isChoked === true) return this.#fail({ type: 'model.closed', code: 1006, reason: 'choked' });
    this.#session?.sendRealtimeInput(audioInput(pcm));
  }

  sendText(text: string): void {
    this.#session?.sendClientContent(textTurn(text));
  }

  answerTools(answers: readonly ToolAnswer[]): void {
    this.#session?.sendToolResponse(toolResponses(answers, this.#model));
  }

  close(): void {
    this.#state = 'closed';
    this.#session = null;
    this.#socket?.close();
  }

  async #connect(access: ModelAccess, agent: AgentSetup): Promise<void> {
    // Messages may come before the promise resolves (GM-SDK-1): they wait until there is a session to answer them with.
    const early: CallFact[] = [];
    try {
      const session = await this.#client(access).live.connect({
        ...liveSetup(agent),
        callbacks: this.#callbacks((facts) => {
          if (this.#state === 'connecting') early.push(...facts);
          else facts.forEach((fact) => this.#tell(fact));
        }),
      });
      if (this.#state === 'closed') return session.close();
      this.#session = session;
      this.#state = 'open';
      this.#tell({ type: 'model.opened' });
      for (const fact of early) this.#tell(fact);
    } catch (error) {
      const why = withoutAddresses(error instanceof Error ? error.message : String(error));
      if (this.#state !== 'closed') this.#log.warn({ fault: this.#failure, why }, 'modelOpenFailed');
      this.#fail({ type: 'model.openFailed', fault: this.#failure });
    }
  }

  /** The SDK with our socket under it. */
  #client(access: ModelAccess): GoogleGenAI {
    const genai = new GoogleGenAI({
      apiKey: access.apiKey,
      vertexai: false,
      httpOptions: { apiVersion, ...(access.baseUrl === null ? {} : { baseUrl: access.baseUrl }) },
    });
    replaceSocketFactory(genai, (url, headers, callbacks) => {
      this.#socket = new GuardedSocket(url, headers, callbacks, {
        setupMsMax: access.setupMsMax ?? setupMsMax,
        onSetupTimeout: () => (this.#failure = 'model.setupTimeout'),
        onBadFrame: () => this.#tell({ type: 'model.frameRejected', fault: 'model.frameInvalid' }),
      });
      return this.#socket;
    });
    return genai;
  }

  #callbacks(onFacts: (facts: readonly CallFact[]) => void): LiveConnectParameters['callbacks'] {
    return {
      onmessage: (message) => onFacts(modelFacts(message)),
      onclose: ({ code, reason }) => {
        // A close with a reason of its own is an answer to the setup; 1006 is none.
        if (this.#state === 'connecting' && code !== 1006) this.#failure = 'model.setupRefused';
        if (this.#state !== 'open') return;
        this.#log.warn({ code, why: withoutAddresses(reason) }, 'modelClosed');
        this.#fail({ type: 'model.closed', code, reason });
      },
    };
  }

  #tell(fact: CallFact): void {
    if (this.#state !== 'closed') this.#onFact(fact);
  }

  /** The session is of no more use. Said once. */
  #fail(fact: CallFact): void {
    this.#tell(fact);
    this.close();
  }
}

/** Puts our socket under the SDK (GM-SDK-2). Throws when the SDK has changed, since without it a bad frame ends the process. */
function replaceSocketFactory(
  genai: GoogleGenAI,
  create: (url: string, headers: Record<string, string>, callbacks: SdkSocketCallbacks) => GuardedSocket,
): void {
  if (!('webSocketFactory' in genai.live)) {
    throw new ParleyError('model.unreachable', 'This version of @google/genai keeps its socket factory elsewhere.');
  }
  Reflect.set(genai.live, 'webSocketFactory', { create });
}

/** A text of a remote for the log. An address in it may hold the key (GM-SDK-4), so addresses are left out. */
function withoutAddresses(text: string): string {
  return text.replaceAll(/\b(?:wss?|https?):\S+/g, '[address]');
}
