import { isJsonObject } from '../../wire/json.ts';
import type { ModelEffect } from '../model/outbox.ts';
import { ResumptionHandles } from '../model/resumption-handles.ts';
import type { Script } from '../model/script.ts';
import { type ModelEvent, SimulatedModel } from '../model/simulated-model.ts';
import type { Clip } from '../model/speech-plan.ts';

/** An answered id may come this late: the call gives a tool 8 s, and the links take their time. */
const answerMsMax = 10_000;

/** The key that the simulated service accepts. */
export const simulatedKey = 'simulated-key';

/** The model's side of a simulated call: one session after the other, and which tool calls each of them still waits for. */
export class ModelSessions {
  readonly #script: Script;
  readonly #clips: ReadonlyMap<string, Clip>;
  readonly #handles = new ResumptionHandles();
  readonly #unanswered = new Map<string, number>();
  readonly #broken: string[] = [];
  #current: SimulatedModel | null = null;

  constructor(script: Script, clips: ReadonlyMap<string, Clip>) {
    this.#script = script;
    this.#clips = clips;
  }

  /** A new socket, and so a new session. */
  open(): void {
    this.#current = new SimulatedModel({
      // The model reads its script again, and takes one that was read before as it is.
      scriptFor: () => this.#script,
      clips: this.#clips,
      apiKey: simulatedKey,
      handles: this.#handles,
    });
    this.#unanswered.clear();
  }

  nextDeadline(): number | null {
    return this.#current?.nextDeadline() ?? null;
  }

  handle(event: ModelEvent, atMs: number): readonly ModelEffect[] {
    const model = this.#current;
    if (model === null) return [];
    if (event.type === 'message.received') this.#followAnswers(event.message);
    const effects = model.handle(event, atMs);
    for (const effect of effects) this.#followCalls(effect, atMs);
    this.#checkAnswers(atMs);
    if (event.type === 'socket.closed') this.#unanswered.clear();
    return effects;
  }

  /** What the client did wrong, in words. */
  broken(): readonly string[] {
    const violations = this.#current?.violations ?? [];
    return [...this.#broken, ...violations.map(({ rule, what }) => `the model saw ${rule} broken: ${what}`)];
  }

  #followCalls(effect: ModelEffect, atMs: number): void {
    if (effect.type === 'socket.close' || effect.type === 'socket.drop') return this.#unanswered.clear();
    if (effect.type !== 'message.send' || !isJsonObject(effect.message.toolCall)) return;
    const { functionCalls } = effect.message.toolCall;
    // A call without an id cannot be answered by anybody.
    for (const { id } of listOf(functionCalls)) if (typeof id === 'string') this.#unanswered.set(id, atMs);
  }

  #followAnswers(message: unknown): void {
    if (!isJsonObject(message) || !isJsonObject(message.toolResponse)) return;
    for (const { id } of listOf(message.toolResponse.functionResponses)) this.#unanswered.delete(String(id));
  }

  #checkAnswers(atMs: number): void {
    for (const [id, madeAtMs] of this.#unanswered) {
      if (atMs - madeAtMs <= answerMsMax) continue;
      this.#unanswered.delete(id);
      this.#broken.push(`the model got no answer to ${id} in ${answerMsMax} ms`);
    }
  }
}

function listOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
