import type { ToolAnswer } from '../call/effects.ts';
import type { CallFact, ModelRemedy } from '../call/events.ts';
import { type ErrorCode, ParleyError } from '../errors.ts';
import { type Clock, type Timer, withDeadline } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import type { Randomness } from '../system/randomness.ts';
import type { Connect } from '../system/socket.ts';
import { type CloseVerdict, closeVerdict, refusalVerdict } from './closes.ts';
import { GuardedSocket, type SdkSocketCallbacks } from './guarded-socket.ts';
import { modelFacts } from './messages.ts';
import type { Excess } from './model-budget.ts';
import { modelRules } from './models.ts';
import type { Sdk, SdkSession } from './sdk.ts';
import {
  activityInput,
  type AgentSetup,
  liveSetup,
  pictureInput,
  type SessionStart,
  textTurn,
  toolResponses,
} from './setup.ts';
import { withoutAddresses } from './without-addresses.ts';

/** A handle is refused while its session is open (GM-RESUME-1). A closing handshake that takes longer is not waited for. */
const goneMsMax = 500;

/** How a call speaks to its model session. After `close`, what is sent is dropped silently (GM-SDK-3). */
export interface ModelSession {
  /** Caller audio: 16 kHz PCM16 little-endian. */
  sendAudio(pcm: Uint8Array): void;
  /** The caller's turn begins, or is over; only where Parley tells that (GM-VAD-6). */
  markActivity(edge: 'start' | 'end'): void;
  /** A picture of the caller: JPEG. */
  sendPicture(jpeg: Uint8Array): void;
  sendText(text: string): void;
  answerTools(answers: readonly ToolAnswer[]): void;
  close(): void;
  /** Calls `done` when the service knows that the session is closed; at once if there never was a connection. */
  whenGone(done: () => void): void;
}

/** What one session begins with, and the session that must be closed before it begins. */
export interface SessionOrder extends SessionStart {
  readonly after: ModelSession | null;
}

/** What sessions are opened with, as the driver gives it. */
export interface SessionDrivers {
  readonly sdk: Sdk;
  readonly connect: Connect;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/**
 * Opens a model session. Returns at once, and reports to `onFact`: `model.opened` or `model.openFailed`, then whatever the model says, and
 * `model.closed` when it goes. Nothing is reported after `close`.
 */
export function openModelSession(
  drivers: SessionDrivers,
  agent: AgentSetup,
  order: SessionOrder,
  onFact: (fact: CallFact) => void,
  log: Logger,
): ModelSession {
  const session = new LiveSession(drivers, agent, onFact, log);
  session.open(order);
  return session;
}

/** Why there is no session. */
interface Failure extends CloseVerdict {
  readonly fault: ErrorCode;
}

const setupTimeout: Failure = { fault: 'model.setupTimeout', remedy: 'resume' };

/** Whether a refusal is of the transcript's language: by its name, or of nothing in particular, unless that is a handle (GM-LANG-2). */
function blames(reason: string, { handle }: SessionStart): boolean {
  return /language/i.test(reason) || (handle === null && /invalid argument/i.test(reason));
}

/** Agents whose language was refused, as they are set up from then on: each further session would be refused once. */
const plainAgents = new WeakMap<AgentSetup, AgentSetup>();

/** The same agent without a language for the transcript; null if it has none. */
function withoutLanguage(agent: AgentSetup): AgentSetup | null {
  const { settings } = agent;
  return settings.transcriptionLanguage === null
    ? null
    : { ...agent, settings: { ...settings, transcriptionLanguage: null } };
}

function orElse({ fault, remedy }: CloseVerdict, usual: ErrorCode): Failure {
  return { fault: fault ?? usual, remedy };
}

class LiveSession implements ModelSession {
  readonly #drivers: SessionDrivers;
  readonly #given: AgentSetup;
  /** The agent as it is set up: without its language, if that was refused. */
  #agent: AgentSetup;
  /**
   * Makes ids for the tool calls of a model that gives them none. They must be unique in the whole phone call, not only in this session.
   */
  readonly #newCallId: (() => string) | null;
  readonly #onFact: (fact: CallFact) => void;
  readonly #log: Logger;
  #state: 'connecting' | 'open' | 'closed' = 'connecting';
  #socket: GuardedSocket | null = null;
  #session: SdkSession | null = null;
  /** Runs until there is a socket with a deadline of its own: a sign-in at Vertex AI comes first and has none (GM-VERTEX-1). */
  #signInTimer: Timer | null = null;
  /** What the socket said before the SDK says that there is no session. */
  #failure: Failure | null = null;
  /** Why the setup was refused, if that may be for the language of the transcript. */
  #languageBlame: string | null = null;
  #excess: Excess | null = null;
  /** Facts that came before the SDK had handed over the session (GM-SDK-1). */
  #early: CallFact[] = [];
  /** How the connection ended before that. */
  #lostEarly: { readonly code: number; readonly reason: string } | null = null;

  constructor(drivers: SessionDrivers, agent: AgentSetup, onFact: (fact: CallFact) => void, log: Logger) {
    this.#drivers = drivers;
    this.#given = agent;
    this.#agent = plainAgents.get(agent) ?? agent;
    this.#newCallId = modelRules(agent.model).hasCallIds ? null : drivers.randomness.uniqueId;
    this.#onFact = onFact;
    this.#log = log;
  }

  open({ handle, recap, after }: SessionOrder): void {
    const { clock, sdk } = this.#drivers;
    this.#signInTimer = clock.after(sdk.setupMsMax, () => this.#openFailed(setupTimeout, 'The sign-in took too long.'));
    const connect = (): void => {
      if (this.#state === 'connecting') this.#connect({ handle, recap });
    };
    if (after === null) connect();
    else withDeadline(clock, goneMsMax, (gone) => after.whenGone(() => gone(true)), connect);
  }

  sendAudio(pcm: Uint8Array): void {
    if (this.#socket?.isChoked === true) {
      this.#socket.cut();
      return this.#closed(1006, 'choked', 'resume');
    }
    this.#session?.sendAudio(pcm);
  }

  markActivity(edge: 'start' | 'end'): void {
    this.#session?.sendRealtimeInput(activityInput[edge]);
  }

  sendPicture(jpeg: Uint8Array): void {
    this.#session?.sendRealtimeInput(pictureInput(jpeg));
  }

  sendText(text: string): void {
    this.#session?.sendClientContent(textTurn(text));
  }

  answerTools(answers: readonly ToolAnswer[]): void {
    this.#session?.sendToolResponse(toolResponses(answers, this.#agent));
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#session = null;
    this.#signInTimer?.cancel();
    this.#socket?.close();
  }

  whenGone(done: () => void): void {
    if (this.#socket === null) done();
    else this.#socket.whenGone(done);
  }

  #connect(start: SessionStart): void {
    this.#drivers.sdk.connect({
      setup: liveSetup(this.#agent, start),
      createSocket: (url, headers, callbacks) => this.#createSocket(url, headers, callbacks),
      onClose: (code, reason) => this.#socketClosed(code, reason, start),
      onSession: (session) => this.#opened(session, start),
      onFailed: (why) => this.#notOpened(start, why),
    });
  }

  #notOpened(start: SessionStart, why: string): void {
    const plainer = this.#languageBlame === null ? null : withoutLanguage(this.#agent);
    if (plainer === null || this.#state !== 'connecting') {
      return this.#openFailed(this.#failure ?? orElse(refusalVerdict(why), 'model.unreachable'), why);
    }
    this.#agent = plainer;
    this.#failure = null;
    this.#lostEarly = null;
    this.#connect(start);
  }

  #createSocket(url: string, headers: Record<string, string>, callbacks: SdkSocketCallbacks): GuardedSocket {
    this.#signInTimer?.cancel();
    // The session was closed during the sign-in.
    if (this.#state === 'closed') throw new ParleyError('model.unreachable', 'The session is closed.');
    const { clock, connect, sdk } = this.#drivers;
    this.#socket = new GuardedSocket(url, headers, callbacks, {
      clock,
      connect,
      setupMsMax: sdk.setupMsMax,
      onSetupTimeout: () => (this.#failure = setupTimeout),
      onMessage: (message) => this.#received(modelFacts(message, this.#newCallId)),
      onBadFrame: () => this.#tell({ type: 'model.frameRejected', fault: 'model.frameInvalid' }),
      onExcess: (excess) => this.#exceeded(excess),
    });
    return this.#socket;
  }

  #opened(session: SdkSession, start: SessionStart): void {
    if (this.#state === 'closed') return session.close();
    this.#session = session;
    this.#state = 'open';
    if (this.#languageBlame !== null) this.#languageWasRefused(this.#languageBlame);
    this.#tell({ type: 'model.opened' });
    for (const fact of this.#early.splice(0)) this.#tell(fact);
    if (this.#lostEarly !== null) this.#socketClosed(this.#lostEarly.code, this.#lostEarly.reason, start);
  }

  /** Without its language the setup was taken. */
  #languageWasRefused(why: string): void {
    plainAgents.set(this.#given, this.#agent);
    this.#log.warn({ language: this.#given.settings.transcriptionLanguage, why }, 'languageRefused');
  }

  #received(facts: readonly CallFact[]): void {
    for (const fact of facts) {
      if (this.#state === 'connecting') this.#early.push(fact);
      else this.#tell(fact);
    }
  }

  #socketClosed(code: number, words: string, start: SessionStart): void {
    if (this.#state === 'connecting') this.#lostEarly = { code, reason: words };
    // Cleared here, for the log as well as for all that keeps the fact.
    const reason = this.#excess ?? withoutAddresses(words);
    // A close with a reason of its own is an answer to the setup; 1006 is none.
    if (this.#state === 'connecting' && code !== 1006) {
      this.#failure = orElse(closeVerdict(code, reason), 'model.setupRefused');
      if (code === 1007 && blames(reason, start)) this.#languageBlame = reason;
    }
    if (this.#state !== 'open') return;
    this.#log.warn({ code, why: reason }, 'modelClosed');
    this.#closed(code, reason, this.#excess === null ? closeVerdict(code, reason).remedy : 'fresh');
  }

  /** The service has sent more than a session may, and its socket is cut. A session that resumes this one might go on with it. */
  #exceeded(excess: Excess): void {
    this.#excess = excess;
    this.#failure = { fault: 'model.overBudget', remedy: 'fresh' };
    this.#tell({ type: 'model.frameRejected', fault: 'model.overBudget' });
  }

  #openFailed({ fault, remedy }: Failure, why: string): void {
    if (this.#state !== 'closed') this.#log.warn({ fault, why: withoutAddresses(why) }, 'modelOpenFailed');
    const jitter = this.#drivers.randomness.fraction();
    this.#fail({ type: 'model.openFailed', fault, remedy, jitter });
  }

  #closed(code: number, reason: string, remedy: ModelRemedy): void {
    const jitter = this.#drivers.randomness.fraction();
    this.#fail({ type: 'model.closed', code, reason, remedy, jitter });
  }

  #tell(fact: CallFact): void {
    if (this.#state !== 'closed') this.#onFact(fact);
  }

  /** Reports the end of the session, once. */
  #fail(fact: CallFact): void {
    this.#tell(fact);
    this.close();
  }
}
