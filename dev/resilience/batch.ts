import { rows, DialogueSeed, type DialogueResult } from './seed.ts';

/** Seeds that are played in one go, `from` up to but not including `to`, each with the named rows. */
export interface DialogueBatch {
  readonly from: number;
  readonly to: number;
  readonly rows: readonly string[];
}

/** Plays all dialogues of a batch. */
export function runDialogueBatch({ from, to, rows: wanted }: DialogueBatch): DialogueResult[] {
  const results: DialogueResult[] = [];
  for (let at = from; at < to; at += 1) {
    const seed = new DialogueSeed(at);
    for (const row of rows.filter((name) => wanted.includes(name))) results.push(seed.run(row));
  }
  return results;
}
