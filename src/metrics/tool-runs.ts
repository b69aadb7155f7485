import type { CallEffect } from '../call/effects.ts';
import type { CallEvent } from '../call/events.ts';

/** How the run of a tool ended. `cancelled`: nobody waited for its answer any more. */
export const toolOutcomes = ['answered', 'failed', 'timedOut', 'cancelled'] as const;

/** What happened to the tools of a call. The name is what the model asked for, and need not be that of any tool. */
export type ToolRunNews =
  | { readonly kind: 'started'; readonly id: string; readonly name: string; readonly atMs: number }
  | {
      readonly kind: 'ended';
      readonly id: string;
      readonly name: string;
      readonly outcome: (typeof toolOutcomes)[number];
      readonly sinceMs: number;
      readonly atMs: number;
    };

type Outcome = (typeof toolOutcomes)[number];

/** The tool runs of a live call, told from its steps. The call itself bounds how many are open. */
export class ToolRuns {
  readonly #open = new Map<string, { readonly name: string; readonly sinceMs: number }>();
  #news: ToolRunNews[] = [];

  /** Takes a step. Most steps bring no news. */
  take(event: CallEvent, effects: readonly CallEffect[]): readonly ToolRunNews[] {
    this.#news = [];
    const { atMs } = event;
    if (event.type === 'tool.finished') this.#ended(event.id, 'answered', atMs);
    if (event.type === 'tool.failed') this.#ended(event.id, 'failed', atMs);
    for (const effect of effects) {
      if (effect.type === 'tool.cancel') this.#ended(effect.id, tookTooLong(effects) ? 'timedOut' : 'cancelled', atMs);
      if (effect.type !== 'tool.run') continue;
      const { id, name } = effect.call;
      this.#open.set(id, { name, sinceMs: atMs });
      this.#news.push({ kind: 'started', id, name, atMs });
    }
    return this.#news;
  }

  /** The call is over, and nobody waits for its tools. */
  close(atMs: number): readonly ToolRunNews[] {
    this.#news = [];
    for (const id of this.#open.keys()) this.#ended(id, 'cancelled', atMs);
    return this.#news;
  }

  #ended(id: string, outcome: Outcome, atMs: number): void {
    const run = this.#open.get(id);
    if (run === undefined) return;
    this.#open.delete(id);
    this.#news.push({ kind: 'ended', id, outcome, ...run, atMs });
  }
}

function tookTooLong(effects: readonly CallEffect[]): boolean {
  return effects.some(
    (effect) => effect.type === 'note' && effect.name === 'toolFailed' && effect.fields.fault === 'tool.timedOut',
  );
}
