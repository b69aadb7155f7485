/**
 * One mutant, in a process of its own, for `mutants.ts`: takes an order as JSON on standard input, and prints lines of JSON. A core
 * that loops for ever or takes the process down with it harms nobody else.
 */
import { readFileSync, writeSync } from 'node:fs';
import { sabotageFile } from './mutants/sabotage.ts';
import { type TrialLine, trialOrderSchema } from './mutants/trial-order.ts';

/** Written at once, so that a process that is killed has said what it was about. */
const say = (line: TrialLine): void => void writeSync(1, `${JSON.stringify(line)}\n`);

const { sabotage, seeds } = trialOrderSchema.parse(JSON.parse(readFileSync(0, 'utf8')));
const url = sabotage === null ? null : new URL(`../${sabotage.path}`, import.meta.url).href;
const wasLoaded = sabotage === null || url === null ? null : sabotageFile(url, sabotage.text);
const { judgeCore } = await import('./mutants/judge.ts');
if (wasLoaded?.() === false) {
  say({ kind: 'unloaded' });
} else {
  try {
    judgeCore(seeds, say);
  } catch (error) {
    say({ kind: 'fails', what: String(error) });
  }
}
