import type { ToolAnswer } from '../../../call/effects.ts';
import type { CallFact } from '../../../call/events.ts';
import type { ToolCall } from '../../../call/tooling/tool-call.ts';
import { googleSdk } from '../../../gemini/edge/google-sdk.ts';
import type { ModelAccess } from '../../../gemini/edge/access.ts';
import { type ModelSession, openModelSession } from '../../../gemini/live-session.ts';
import { modelFrameBytesMax } from '../../../gemini/model-budget.ts';
import type { Sdk, SdkOrder } from '../../../gemini/sdk.ts';
import type { AgentSetup } from '../../../gemini/setup.ts';
import { withoutAddresses } from '../../../gemini/without-addresses.ts';
import { systemClock } from '../../../system/clock.ts';
import { createLogger } from '../../../system/logger.ts';
import { systemRandomness } from '../../../system/randomness.ts';
import { webSocketConnect } from '../../../system/web-socket/web-socket.ts';
import { within } from '../../../system/within.ts';
import { CheckFailure } from '../check-failure.ts';
import { type SessionRefusal, refusalAdvice, refusalWords } from './session-refusal.ts';

/** A closing handshake takes one round trip. */
const goneMsMax = 3_000;

/** What a session begins with. */
export interface SessionBeginning {
  /** Resumes the session that the handle is of. */
  readonly handle?: string;
  /** What the model is told beside its instruction. */
  readonly recap?: string;
  /** Changes the setup that a call would send. */
  readonly alter?: (setup: SdkOrder['setup']) => SdkOrder['setup'];
}

/** A session that was not granted, and why. */
export class SetupRefused extends CheckFailure {
  readonly refusal: SessionRefusal;

  constructor(refusal: SessionRefusal, agent: AgentSetup) {
    super(refusalWords(refusal), refusalAdvice(refusal, agent));
    this.refusal = refusal;
  }
}

/** A session as a call has it, with its SDK and its guarded socket, read one fact at a time. */
export class CheckedSession {
  /** The handle that covers all that was said; null while the model speaks or waits for a tool (GM-RESUME-1). */
  handle: string | null = null;
  readonly #agent: AgentSetup;
  readonly #session: ModelSession;
  readonly #facts: CallFact[] = [];
  #refusal: SessionRefusal = { code: null, reason: '', fault: 'model.unreachable' };
  #isOver = false;
  #wake = (): void => {};

  private constructor(access: ModelAccess, agent: AgentSetup, { handle, recap, alter }: SessionBeginning) {
    this.#agent = agent;
    const drivers = {
      sdk: this.#overheard(googleSdk(access), alter),
      connect: webSocketConnect(modelFrameBytesMax),
      clock: systemClock,
      randomness: systemRandomness,
    };
    const order = { handle: handle ?? null, recap: recap ?? null, after: null };
    this.#session = openModelSession(drivers, agent, order, (fact) => this.#take(fact), createLogger('silent'));
  }

  /** Opens a session with the setup of a call. Throws a SetupRefused. */
  static async open(access: ModelAccess, agent: AgentSetup, beginning: SessionBeginning = {}): Promise<CheckedSession> {
    const session = new CheckedSession(access, agent, beginning);
    // A setup has its deadline in the session itself.
    for (;;) {
      const fact = await session.#nextFact();
      if (fact === null) throw new SetupRefused(session.#refusal, agent);
      if (fact.type === 'model.opened') return session;
    }
  }

  say(text: string): void {
    this.#session.sendText(text);
  }

  /** Caller audio: 16 kHz PCM16 little-endian. */
  speak(pcm: Uint8Array): void {
    this.#session.sendAudio(pcm);
  }

  /** The caller begins or has finished, for a model that is told that. */
  markTurn(edge: 'start' | 'end'): void {
    this.#session.markActivity(edge);
  }

  answer(answer: ToolAnswer): void {
    this.#session.answerTools([answer]);
  }

  /** The next fact, in order. Throws a CheckFailure when the session ends or `untilMs` on `performance.now()` has passed. */
  async next(what: string, untilMs: number, advice?: string): Promise<CallFact> {
    const fact = await within(this.#nextFact(), Math.max(0, untilMs - performance.now()));
    if (fact !== null) return fact;
    if (!this.#isOver && advice !== undefined) throw new CheckFailure(`${what} did not come in time.`, advice);
    const why = this.#isOver ? `: ${refusalWords(this.#refusal)}` : ' in time.';
    throw new CheckFailure(`${what} did not come${why}`, refusalAdvice(this.#refusal, this.#agent));
  }

  /** Closes the session, and resolves when the service knows: it resumes none that is open (GM-RESUME-1). */
  async close(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#session.whenGone(resolve));
    this.#session.close();
    await within(gone, goneMsMax);
  }

  /** Null when no more will come. */
  async #nextFact(): Promise<CallFact | null> {
    for (;;) {
      const fact = this.#facts.shift();
      if (fact !== undefined) return fact;
      if (this.#isOver) return null;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #take(fact: CallFact): void {
    if (fact.type === 'model.resumptionUpdated') this.handle = fact.resumable ? fact.handle : null;
    if (fact.type === 'model.openFailed') {
      this.#refusal = { ...this.#refusal, fault: fact.fault };
      this.#isOver = true;
    } else if (fact.type === 'model.closed') {
      this.#refusal = { code: fact.code, reason: fact.reason, fault: 'model.closed' };
      this.#isOver = true;
    } else this.#facts.push(fact);
    this.#wake();
  }

  /** The SDK, which tells us what a call only logs: the reason of a refusal. */
  #overheard(sdk: Sdk, alter: SessionBeginning['alter']): Sdk {
    const note = (code: number | null, why: string): void => {
      // A close says more than the error that follows it.
      if (this.#refusal.reason === '') this.#refusal = { ...this.#refusal, code, reason: withoutAddresses(why) };
    };
    return {
      setupMsMax: sdk.setupMsMax,
      connect: (order) =>
        sdk.connect({
          ...order,
          setup: alter?.(order.setup) ?? order.setup,
          onClose: (code, reason) => {
            note(code, reason);
            order.onClose(code, reason);
          },
          onFailed: (why) => {
            note(null, why);
            order.onFailed(why);
          },
        }),
    };
  }
}

/** All tool calls of a fact. */
export function callsIn(fact: CallFact): readonly ToolCall[] {
  return fact.type === 'model.toolCalled' ? fact.calls : [];
}
