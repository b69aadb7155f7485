import type { CallEffect } from '../../call/effects.ts';
import type { CallEvent } from '../../call/events.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { ToolTerms } from '../../call/tooling/tool-terms.ts';

/** A tick comes within a frame, and a message of the model is one step. */
const lateMsMax = 100;

/** Watches that each tool call is taken, and answered within the time of its tool, unless its session is gone first. */
export class ToolAnswers {
  readonly #terms: Readonly<Record<string, ToolTerms>>;
  readonly #faults: FaultPlan;
  readonly #lateMs: number;
  readonly #taken = new Set<string>();
  readonly #due = new Map<string, { readonly name: string; readonly atMs: number }>();

  constructor(terms: Readonly<Record<string, ToolTerms>>, faults: FaultPlan) {
    this.#terms = terms;
    this.#faults = faults;
    this.#lateMs = lateMsMax + faults.lateMsMax;
  }

  /** One step of the call. Returns what does not hold, in words. */
  step(event: CallEvent, effects: readonly CallEffect[], modelIsOpen: boolean): readonly string[] {
    // What a session asks for in the moment in which it is replaced is nobody's.
    const isReplaced = effects.some(({ type }) => type === 'model.open' || type === 'model.close');
    const untaken = modelIsOpen && !isReplaced ? this.#take(event, effects) : [];
    if (this.#due.size === 0) return untaken;
    for (const effect of effects) {
      if (effect.type === 'model.answerTools') for (const { id } of effect.answers) this.#due.delete(id);
    }
    if (isReplaced || event.type === 'model.closed') this.#due.clear();
    // A process that stood still answers late.
    if (this.#faults.has('serviceFrozen')) return untaken;
    const late = [...this.#due.values()].filter(({ atMs }) => atMs < event.atMs);
    return [...untaken, ...late.map(({ name }) => `nobody answered ${name} in its time`)];
  }

  /** Another process has the call. */
  forget(): void {
    this.#taken.clear();
    this.#due.clear();
  }

  #take(event: CallEvent, effects: readonly CallEffect[]): string[] {
    const orders = (type: CallEffect['type']): boolean => effects.some((effect) => effect.type === type);
    if (event.type === 'model.toolRejected' && !this.#taken.has(event.id)) {
      this.#taken.add(event.id);
      return orders('model.answerTools') ? [] : [`nobody refused the tool call ${event.id}`];
    }
    if (event.type !== 'model.toolCalled') return [];
    // A call for which a tool runs already is not run twice: that one answers it (GM-TOOL-8).
    const isJoined = effects.some(
      (effect) => effect.type === 'note' && effect.name === 'toolNotRun' && effect.fields.why === 'joined',
    );
    return event.calls.flatMap(({ id, name }) => {
      if (this.#taken.has(id)) return [];
      this.#taken.add(id);
      this.#due.set(id, { name, atMs: event.atMs + this.#msOf(name) + this.#lateMs });
      const isTaken = orders('tool.run') || orders('model.answerTools') || isJoined;
      return isTaken ? [] : [`nobody took the tool call ${id}`];
    });
  }

  #msOf(name: string): number {
    return (Object.hasOwn(this.#terms, name) ? this.#terms[name]?.timeoutMs : undefined) ?? 0;
  }
}
