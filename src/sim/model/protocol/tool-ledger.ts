import type { FunctionResponse, Setup } from './setup-message.ts';
import { closeReasons } from './close-reasons.ts';
import type { CloseFrame } from './close-reasons.ts';
import { declarations } from './setup-rules.ts';
import type { Behavior, SetupRules } from './setup-rules.ts';
import type { ToolRequest } from '../script/turn.ts';

/** A tool call that the model made. `cancelled` ones want an answer all the same (GM-TOOL-2). */
export interface OpenCall {
  readonly id: string;
  readonly behavior: Behavior;
  readonly request: ToolRequest;
  readonly madeAtMs: number;
  readonly isCancelled: boolean;
  /** How often it was made before, each time with an empty answer. */
  readonly repeats: number;
}

/** When the model speaks about an answer (GM-TOOL-4). */
export type Scheduling = 'SILENT' | 'WHEN_IDLE' | 'INTERRUPT';

/** What became of a client's answer. `unknown` has no open call; one to a cancelled call is fine (GM-TOOL-2). */
export type AnswerOutcome =
  | { readonly type: 'accepted'; readonly call: OpenCall; readonly scheduling: Scheduling }
  /** The answer held nothing, so the model asks once more (GM-TOOL-7). */
  | { readonly type: 'repeated'; readonly call: OpenCall; readonly again: OpenCall }
  | { readonly type: 'unknown' }
  | { readonly type: 'refused'; readonly close: CloseFrame };

/** Without an answer for so long a call counts as forgotten: nobody gives a tool more than half a minute. */
const answerMsMax = 32_000;

/** Keeps the tool calls of one session and holds the answers against them (GM-TOOL-1 to GM-TOOL-4). */
export class ToolLedger {
  readonly #behaviors: ReadonlyMap<string, Behavior>;
  readonly #onlyNamed: ReadonlySet<string>;
  readonly #rules: SetupRules;
  readonly #repeatsMax: number;
  readonly #issueId: () => string;
  readonly #open = new Map<string, OpenCall>();

  /** `repeatsMax`: how often a call is made again when its answer is empty; null for the model's own way. */
  constructor(setup: Setup, rules: SetupRules, repeatsMax: number | null, issueId: () => string) {
    const isOnlyNamed = rules.jsonSchemaTools === 'onlyNamed';
    this.#onlyNamed = new Set(
      declarations(setup).flatMap(({ name, parametersJsonSchema }) =>
        isOnlyNamed && parametersJsonSchema !== undefined ? [name] : [],
      ),
    );
    this.#behaviors = new Map(
      declarations(setup).map(({ name, behavior }) => [name, behavior ?? rules.behaviorDefault]),
    );
    this.#rules = rules;
    this.#repeatsMax = repeatsMax ?? rules.repeatsEmptyCalls;
    this.#issueId = issueId;
  }

  /** Makes a call. A function that the client did not declare can be called too: models invent them. */
  make(request: ToolRequest, atMs: number): OpenCall {
    return this.#make(request, atMs, 0);
  }

  /** Whether an answer is missing. */
  get isWaiting(): boolean {
    return this.#open.size > 0;
  }

  /** Whether the model itself still wants an answer: a cancelled call holds nothing up. */
  get isWorking(): boolean {
    return [...this.#open.values()].some((call) => !call.isCancelled);
  }

  /** The calls that were never answered and make the session deaf (GM-TOOL-3). */
  forgotten(atMs: number): readonly string[] {
    return [...this.#open.values()].filter((call) => atMs - call.madeAtMs > answerMsMax).map((call) => call.id);
  }

  /** Whether the client is told the ids of its calls. */
  get namesCalls(): boolean {
    return this.#rules.hasCallIds;
  }

  /** Whether the model tells of this tool instead of calling it (GM-TOOL-5). */
  isOnlyNamed({ name }: ToolRequest): boolean {
    return this.#onlyNamed.has(name);
  }

  /** Cancels the blocking calls that wait for an answer and returns their ids (GM-TOOL-2). */
  cancelBlocking(): readonly string[] {
    const cancelled = [...this.#open.values()].filter((call) => call.behavior === 'BLOCKING' && !call.isCancelled);
    for (const call of cancelled) this.#open.set(call.id, { ...call, isCancelled: true });
    return cancelled.map((call) => call.id);
  }

  answer({ id, name, response, scheduling, willContinue }: FunctionResponse, atMs: number): AnswerOutcome {
    if (scheduling !== undefined && !this.#rules.acceptsScheduling) {
      return { type: 'refused', close: closeReasons.schedulingUnsupported };
    }
    if ((id !== undefined) !== this.#rules.hasCallIds) return { type: 'refused', close: closeReasons.argumentInvalid };
    const call = id === undefined ? this.#oldestOf(name) : this.#open.get(id);
    if (call === undefined) return { type: 'unknown' };
    const isMisplaced = scheduling !== undefined && call.behavior === 'BLOCKING';
    if (call.request.name !== name || isMisplaced) return { type: 'refused', close: closeReasons.argumentInvalid };
    if (willContinue !== true) this.#open.delete(call.id);
    const wantsMore = isEmpty(response) && !call.isCancelled && scheduling !== 'SILENT' && willContinue !== true;
    if (wantsMore && call.repeats < this.#repeatsMax) {
      return { type: 'repeated', call, again: this.#make(call.request, atMs, call.repeats + 1) };
    }
    return { type: 'accepted', call, scheduling: scheduling ?? 'WHEN_IDLE' };
  }

  #oldestOf(name: string): OpenCall | undefined {
    return [...this.#open.values()].find(({ request }) => request.name === name);
  }

  #make(request: ToolRequest, atMs: number, repeats: number): OpenCall {
    const id = this.#issueId();
    const behavior = this.#behaviors.get(request.name) ?? this.#rules.behaviorDefault;
    const call = { id, behavior, request, madeAtMs: atMs, isCancelled: false, repeats };
    this.#open.set(id, call);
    return call;
  }
}

/** Nothing in it, however deep: `{}`, `{ result: null }`, `{ results: [], total: 0 }`, `{ output: '' }`. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 0) return true;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}
