import { randomUUID } from 'node:crypto';
import type { GoogleGenAI, LiveConnectParameters, Session } from '@google/genai';
import type { ToolAnswer } from '../call/effects.ts';
import type { CallFact, ModelRemedy } from '../call/events.ts';
import { type ErrorCode, ParleyError } from '../errors.ts';
import { closeRemedy, refusalRemedy } from './closes.ts';
import { modelFacts } from './messages.ts';
import { modelRules } from './models.ts';
import { type AgentSetup, audioInput, liveSetup, type SessionStart, textTurn, toolResponses } from './setup.ts';
import { createGenAi, type ModelAccess, withoutAddresses } from './edge/access.ts';
import { GuardedSocket, type SdkSocketCallbacks } from './guarded-socket.ts';
import type { Logger } from '../system/logger.ts';
import { within } from '../system/within.ts';

/** Minimal setups are answered in 0.3 s, long ones in up to 2.4 s; some models answer a setup that they dislike with silence (GM-SETUP-3). */
const setupMsMax = 5_000;

/** A handle is refused while its session is open (GM-RESUME-1). A closing handshake that takes longer is not waited for. */
const goneMsMax = 500;

/** How a call speaks to its model session. After `close`, everything is dropped without a word (GM-SDK-3). */
export interface ModelSession {
  /** Caller audio: 16 kHz PCM16 little-endian. */
  sendAudio(pcm: Uint8Array): void;
  sendText(text: string): void;
  answerTools(answers: readonly ToolAnswer[]): void;
  close(): void;
  /** Resolves when the service knows that the session is closed. */
  readonly gone: Promise<void>;
}

/** What is special about one session, and the one that must be gone before it begins. */
export interface SessionOrder extends SessionStart {
  readonly after: ModelSession | null;
}

/**
 * Opens a model session. Returns at once; what happens is told to `onFact`: `model.opened` or `model.openFailed`, then whatever the
 * model says, and `model.closed` when it goes. Nothing is told after `close`.
 */
export function openModelSession(
  access: ModelAccess,
  agent: AgentSetup,
  order: SessionOrder,
  onFact: (fact: CallFact) => void,
  log: Logger,
): ModelSession {
  return new GeminiSession(access, agent, order, onFact, log);
}

class GeminiSession implements ModelSession {
  readonly #model: string;
  /** Names the tool calls of a model that does not; the name must be its own in the whole phone call, not only in this session. */
  readonly #newCallId: (() => string) | null;
  readonly #onFact: (fact: CallFact) => void;
  readonly #log: Logger;
  #state: 'connecting' | 'open' | 'closed' = 'connecting';
  #socket: GuardedSocket | null = null;
  #session: Session | null = null;
  /** Runs until there is a socket with a deadline of its own: a sign-in at Vertex AI comes first and has none (GM-VERTEX-1). */
  #signInTimer: NodeJS.Timeout | null = null;
  /** What the socket said before the setup was answered: the cause when it never is. */
  #failure: ErrorCode = 'model.unreachable';
  #remedy: ModelRemedy = 'resume';

  constructor(
    access: ModelAccess,
    agent: AgentSetup,
    order: SessionOrder,
    onFact: (fact: CallFact) => void,
    log: Logger,
  ) {
    this.#model = agent.model;
    this.#newCallId = modelRules(agent.model).hasCallIds ? null : randomUUID;
    this.#onFact = onFact;
    this.#log = log;
    void this.#connect(access, agent, order);
  }

  sendAudio(pcm: Uint8Array): void {
    if (this.#socket?.isChoked === true) return this.#closed(1006, 'choked');
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
    this.#stopSignInTimer();
    this.#socket?.close();
  }

  get gone(): Promise<void> {
    return this.#socket?.gone ?? Promise.resolve();
  }

  async #connect(access: ModelAccess, agent: AgentSetup, { handle, account, after }: SessionOrder): Promise<void> {
    // Messages may come before the promise resolves (GM-SDK-1): they wait until there is a session to answer them with.
    const early: CallFact[] = [];
    this.#signInTimer = setTimeout(
      () => this.#openFailed('model.setupTimeout', 'The sign-in took too long.'),
      setupLimit(access),
    );
    try {
      if (after !== null) await within(after.gone, goneMsMax);
      const session = await this.#client(access).live.connect({
        ...liveSetup(agent, { handle, account }),
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
      const why = error instanceof Error ? error.message : String(error);
      if (this.#failure === 'model.unreachable') this.#remedy = refusalRemedy(why);
      this.#openFailed(this.#failure, why);
    }
  }

  #openFailed(fault: ErrorCode, why: string): void {
    if (this.#state !== 'closed') this.#log.warn({ fault, why: withoutAddresses(why) }, 'modelOpenFailed');
    this.#fail({ type: 'model.openFailed', fault, remedy: this.#remedy, jitter: Math.random() });
  }

  #stopSignInTimer(): void {
    if (this.#signInTimer !== null) clearTimeout(this.#signInTimer);
    this.#signInTimer = null;
  }

  /** The SDK with our socket under it. */
  #client(access: ModelAccess): GoogleGenAI {
    const genai = createGenAi(access);
    replaceSocketFactory(genai, (url, headers, callbacks) => {
      this.#stopSignInTimer();
      // The session was given up while the sign-in lasted.
      if (this.#state === 'closed') throw new ParleyError('model.unreachable', 'The session is closed.');
      this.#socket = new GuardedSocket(url, headers, callbacks, {
        setupMsMax: setupLimit(access),
        onSetupTimeout: () => (this.#failure = 'model.setupTimeout'),
        onBadFrame: () => this.#tell({ type: 'model.frameRejected', fault: 'model.frameInvalid' }),
      });
      return this.#socket;
    });
    return genai;
  }

  #callbacks(onFacts: (facts: readonly CallFact[]) => void): LiveConnectParameters['callbacks'] {
    return {
      onmessage: (message) => onFacts(modelFacts(message, this.#newCallId)),
      onclose: ({ code, reason }) => {
        // A close with a reason of its own is an answer to the setup; 1006 is none.
        if (this.#state === 'connecting' && code !== 1006) {
          this.#failure = 'model.setupRefused';
          this.#remedy = closeRemedy(code, reason);
        }
        if (this.#state !== 'open') return;
        this.#log.warn({ code, why: withoutAddresses(reason) }, 'modelClosed');
        this.#closed(code, reason);
      },
    };
  }

  #closed(code: number, reason: string): void {
    const remedy = closeRemedy(code, reason);
    this.#fail({ type: 'model.closed', code, reason, remedy, jitter: Math.random() });
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

function setupLimit(access: ModelAccess): number {
  return access.setupMsMax ?? setupMsMax;
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
