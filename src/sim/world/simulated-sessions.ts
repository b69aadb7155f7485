import { termsOfSimulated } from '../scenario/pretended-tools.ts';
import { isJsonObject } from '../../encoding/json.ts';
import { earlier } from '../model/agenda.ts';
import { ModelService } from '../model/model-service.ts';
import { endsSocket, type ModelEffect } from '../model/outbox.ts';
import type { Script, SessionScript } from '../model/script/script.ts';
import type { SessionReport } from '../model/session-report.ts';
import type { ModelEvent, SimulatedModel } from '../model/simulated-model.ts';
import type { Clip } from '../model/speech/speech-plan.ts';

/** An answer may set out so much later than its tool has time: the service is late with its timers. */
const lateMsMax = 2_000;

/** A call with a longer id is nonsense, and is treated like one without any. */
const idCharsMax = 256;

/** The key that the simulated service accepts. */
export const simulatedKey = 'simulated-key';

/** A session whose socket is open, and until when the tool calls must be answered for which it still waits. */
interface OpenSession {
  readonly model: SimulatedModel;
  readonly unanswered: Map<string, number>;
}

/** The model's side of a simulated call: one session after the other, and which tool calls each of them still waits for. */
export class SimulatedSessions {
  readonly #service: ModelService;
  readonly #open = new Map<number, OpenSession>();
  readonly #choked = new Set<number>();
  readonly #broken: string[] = [];

  constructor(script: Script, clips: ReadonlyMap<string, Clip>) {
    this.#service = new ModelService({ script, clips, apiKey: simulatedKey });
  }

  /** A new connection, which the caller of it gives a number. Returns what becomes of it. */
  open(connection: number): SessionScript['upgrade'] {
    const arrival = this.#service.arrive();
    if (arrival.upgrade === 'accept') this.#open.set(connection, { model: arrival.model, unanswered: new Map() });
    return arrival.upgrade;
  }

  /** Asked at every step of a call. */
  nextDeadline(): number | null {
    let nextMs: number | null = null;
    for (const { model } of this.#open.values()) nextMs = earlier(nextMs, model.nextDeadline());
    return nextMs;
  }

  /** The connection whose session is due first; null while none is. */
  nextDue(): number | null {
    const nextMs = this.nextDeadline();
    const due = [...this.#open].find(([, { model }]) => nextMs !== null && model.nextDeadline() === nextMs);
    return due?.[0] ?? null;
  }

  /** What happens on a connection that is closed has no effect. */
  handle(connection: number, event: ModelEvent, atMs: number): readonly ModelEffect[] {
    const session = this.#open.get(connection);
    if (session === undefined) return [];
    const effects = session.model.handle(event, atMs);
    if (!this.#choked.has(connection)) this.#checkAnswers(session, atMs);
    const isOver = event.type === 'socket.closed' || effects.some(endsSocket);
    if (isOver) this.#open.delete(connection);
    return effects;
  }

  /** What the model has sent reaches the service, which has its time for tool calls from then on. */
  arrives(connection: number, effect: ModelEffect, atMs: number): void {
    const session = this.#open.get(connection);
    if (session !== undefined) followCalls(session, effect, atMs);
  }

  /** The service sends something. How long the way to the model takes is none of its doing. */
  setsOut(connection: number, event: ModelEvent): void {
    const session = this.#open.get(connection);
    if (session !== undefined && event.type === 'message.received') followAnswers(session, event.message);
  }

  /** Nothing gets through any more, so that nothing it asks for can be answered. */
  choke(connection: number): void {
    this.#choked.add(connection);
  }

  callerSays(clip: string, atMs: number): void {
    this.#service.callerSays(clip, atMs);
  }

  /** What every session was told and what became of it. */
  reports(): readonly SessionReport[] {
    return this.#service.reports();
  }

  /** What the client did wrong, in words. */
  broken(): readonly string[] {
    const violations = this.reports().flatMap((report) => report.violations);
    return [...this.#broken, ...violations.map(({ rule, what }) => `the model saw ${rule} broken: ${what}`)];
  }

  #checkAnswers({ unanswered }: OpenSession, atMs: number): void {
    for (const [id, untilMs] of unanswered) {
      if (atMs <= untilMs) continue;
      unanswered.delete(id);
      this.#broken.push(`the model got no answer to ${id} in time`);
    }
  }
}

function followCalls({ unanswered }: OpenSession, effect: ModelEffect, atMs: number): void {
  if (effect.type !== 'message.send' || !isJsonObject(effect.message.toolCall)) return;
  const { functionCalls } = effect.message.toolCall;
  // A call without an id cannot be answered by anybody.
  for (const { id, name } of listOf(functionCalls)) {
    const untilMs = atMs + termsOfSimulated(String(name)).timeoutMs + lateMsMax;
    if (typeof id === 'string' && id.length <= idCharsMax) unanswered.set(id, untilMs);
  }
}

function followAnswers({ unanswered }: OpenSession, message: unknown): void {
  if (!isJsonObject(message) || !isJsonObject(message.toolResponse)) return;
  for (const { id } of listOf(message.toolResponse.functionResponses)) unanswered.delete(String(id));
}

function listOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
