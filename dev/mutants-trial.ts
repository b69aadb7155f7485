/**
 * One mutant, in a process of its own, for `mutants.ts`: takes an order as JSON on standard input, and prints lines of JSON. A call
 * that loops for ever or takes the process down with it harms nobody else.
 */
import { readFileSync, writeSync } from 'node:fs';
import { Reach } from './mutants/trial/reach.ts';
import { sabotageFile } from './mutants/trial/sabotage.ts';
import { type TrialLine, trialOrderSchema } from './mutants/trial/trial-order.ts';

/** Written at once, so that a process that is killed has said what it was about. */
const say = (line: TrialLine): void => void writeSync(1, `${JSON.stringify(line)}\n`);

const urlOf = (path: string): string => new URL(`../${path}`, import.meta.url).href;

const order = trialOrderSchema.parse(JSON.parse(readFileSync(0, 'utf8')));
const { sabotage, places } = order;
const reach = places.length === 0 ? null : new Reach(places, urlOf);
const wasLoaded = sabotage === null ? null : sabotageFile(urlOf(sabotage.path), sabotage.text);
const { judge } = await import('./mutants/trial/judge.ts');
if (wasLoaded?.() === false) {
  say({ kind: 'unloaded' });
} else {
  try {
    judge(order, reach, say);
  } catch (error) {
    say({ kind: 'fails', what: String(error) });
  }
}
