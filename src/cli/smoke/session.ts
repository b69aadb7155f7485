import { randomUUID } from 'node:crypto';
import type { Session } from '@google/genai';
import type { ToolAnswer } from '../../call/effects.ts';
import type { CallFact } from '../../call/events.ts';
import { createGenAi, type ModelAccess } from '../../gemini/edge/access.ts';
import { modelFacts } from '../../gemini/messages.ts';
import { modelRules } from '../../gemini/models.ts';
import { type AgentSetup, liveSetup, textTurn, toolResponses } from '../../gemini/setup.ts';
import { withoutAddresses } from '../../gemini/without-addresses.ts';

/** Setups are answered within 2.4 s or never (GM-SETUP-3). */
const setupMsMax = 10_000;

/** A closing handshake takes one round trip. */
const closeMsMax = 5_000;

/** What a step of the smoke test met instead of what it waited for; the message is one line. */
export class SmokeFailure extends Error {
  override readonly name = 'SmokeFailure';
}

/** One session with the service, read one fact at a time, so that a step can wait for what must come next. */
export class SmokeSession {
  /** The handle that covers all that was said; null while the model speaks or waits for a tool (GM-RESUME-1). */
  handle: string | null = null;
  readonly #model: string;
  readonly #newCallId: (() => string) | null;
  readonly #facts: CallFact[] = [];
  readonly #closed = Promise.withResolvers<void>();
  #session: Session | null = null;
  #closeWords: string | null = null;
  #wake = (): void => {};

  private constructor(model: string) {
    this.#model = model;
    this.#newCallId = modelRules(model).hasCallIds ? null : randomUUID;
  }

  /** Sends the production setup; with a handle, it resumes the session that the handle is of. Throws a SmokeFailure. */
  static async open(access: ModelAccess, agent: AgentSetup, handle: string | null): Promise<SmokeSession> {
    const smoke = new SmokeSession(agent.model);
    const { model, config, unlisted } = liveSetup(agent, { handle, recap: null });
    const connecting = createGenAi(access).live.connect({
      model,
      // The SDK passes these on with a warning, which does no harm here (GM-SDK-5).
      config: Object.keys(unlisted).length === 0 ? config : { ...config, generationConfig: unlisted },
      callbacks: {
        onmessage: (message) => smoke.#take(modelFacts(message, smoke.#newCallId)),
        onclose: ({ code, reason }) => smoke.#close(code, reason),
      },
    });
    try {
      smoke.#session = await within(connecting, setupMsMax, 'The setup was not answered');
      return smoke;
    } catch (error) {
      if (error instanceof SmokeFailure) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new SmokeFailure(`The setup was refused: ${smoke.#closeWords ?? withoutAddresses(why)}`, { cause: error });
    }
  }

  say(text: string): void {
    this.#session?.sendClientContent(textTurn(text));
  }

  answer(answer: ToolAnswer): void {
    this.#session?.sendToolResponse(toolResponses([answer], this.#model));
  }

  /** The next fact, in order. Throws a SmokeFailure when the session closes or `untilMs` on `performance.now()` has passed. */
  async next(what: string, untilMs: number): Promise<CallFact> {
    for (;;) {
      const fact = this.#facts.shift();
      if (fact !== undefined) return fact;
      if (this.#closeWords !== null) throw new SmokeFailure(`${what} did not come: ${this.#closeWords}`);
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      await within(woken, untilMs - performance.now(), `${what} did not come`);
    }
  }

  /** Resolves when the service has seen the close: it resumes no session that is still open (GM-RESUME-1). */
  async close(): Promise<void> {
    this.#session?.close();
    await within(this.#closed.promise, closeMsMax, 'The session did not close');
  }

  #take(facts: readonly CallFact[]): void {
    for (const fact of facts) {
      if (fact.type === 'model.resumptionUpdated') this.handle = fact.resumable ? fact.handle : null;
    }
    this.#facts.push(...facts);
    this.#wake();
  }

  #close(code: number, reason: string): void {
    this.#closeWords = `the service closed the session with ${code} "${withoutAddresses(reason)}"`;
    this.#closed.resolve();
    this.#wake();
  }
}

/** Waits with a deadline. Throws a SmokeFailure that says what did not happen. */
async function within<Value>(promise: Promise<Value>, msMax: number, what: string): Promise<Value> {
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new SmokeFailure(`${what} in time.`)), Math.max(0, msMax));
  try {
    return await Promise.race([promise, overdue]);
  } finally {
    clearTimeout(timer);
  }
}
