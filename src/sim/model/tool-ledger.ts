import type { FunctionResponse, Setup } from './client-message.ts';
import { closeReasons, refusal } from './close-reasons.ts';
import type { CloseFrame } from './close-reasons.ts';
import { declarations } from './setup-rules.ts';
import type { Behavior, ModelRules } from './setup-rules.ts';
import type { ToolRequest } from './script.ts';

/** A tool call that the model made. `cancelled` ones want an answer all the same (GM-TOOL-2). */
export interface OpenCall {
  readonly id: string;
  readonly behavior: Behavior;
  readonly request: ToolRequest;
  readonly madeAtMs: number;
  readonly isCancelled: boolean;
}

/** When the model speaks about an answer (GM-TOOL-4). */
export type Scheduling = 'SILENT' | 'WHEN_IDLE' | 'INTERRUPT';

/** What became of a client's answer. `unknown` has no open call; one to a cancelled call is fine (GM-TOOL-2). */
export type AnswerOutcome =
  | { readonly type: 'accepted'; readonly call: OpenCall; readonly scheduling: Scheduling }
  | { readonly type: 'unknown' }
  | { readonly type: 'refused'; readonly close: CloseFrame };

/** Without an answer for so long a call counts as forgotten. Frameworks give a tool 5 to 8 s, so an answer that comes at all is here by then. */
const answerMsMax = 10_000;

/** Keeps the tool calls of one session and holds the answers against them (GM-TOOL-1 to GM-TOOL-4). */
export class ToolLedger {
  readonly #behaviors: ReadonlyMap<string, Behavior>;
  readonly #rules: ModelRules;
  readonly #open = new Map<string, OpenCall>();
  #made = 0;

  constructor(setup: Setup, rules: ModelRules) {
    this.#behaviors = new Map(
      declarations(setup).map(({ name, behavior }) => [name, behavior ?? rules.behaviorDefault]),
    );
    this.#rules = rules;
  }

  /** Makes a call. A function that the client did not declare can be called too: models invent them. */
  make(request: ToolRequest, atMs: number): OpenCall {
    this.#made += 1;
    const id = `function-call-${this.#made}`;
    const behavior = this.#behaviors.get(request.name) ?? this.#rules.behaviorDefault;
    const call = { id, behavior, request, madeAtMs: atMs, isCancelled: false };
    this.#open.set(id, call);
    return call;
  }

  /** Whether an answer is missing. */
  get isWaiting(): boolean {
    return this.#open.size > 0;
  }

  /** The calls that were never answered and make the session deaf (GM-TOOL-3). */
  forgotten(atMs: number): readonly string[] {
    return [...this.#open.values()].filter((call) => atMs - call.madeAtMs > answerMsMax).map((call) => call.id);
  }

  /** Cancels the blocking calls that wait for an answer and returns their ids (GM-TOOL-2). */
  cancelBlocking(): readonly string[] {
    const cancelled = [...this.#open.values()].filter((call) => call.behavior === 'BLOCKING' && !call.isCancelled);
    for (const call of cancelled) this.#open.set(call.id, { ...call, isCancelled: true });
    return cancelled.map((call) => call.id);
  }

  answer({ id, name, scheduling, willContinue }: FunctionResponse): AnswerOutcome {
    if (scheduling !== undefined && !this.#rules.acceptsScheduling) {
      return { type: 'refused', close: refusal('Function response scheduling is not supported for this model') };
    }
    const call = this.#open.get(id);
    if (call === undefined) return { type: 'unknown' };
    const isMisplaced = scheduling !== undefined && call.behavior === 'BLOCKING';
    if (call.request.name !== name || isMisplaced) return { type: 'refused', close: closeReasons.argumentInvalid };
    if (willContinue !== true) this.#open.delete(id);
    return { type: 'accepted', call, scheduling: scheduling ?? 'WHEN_IDLE' };
  }
}
