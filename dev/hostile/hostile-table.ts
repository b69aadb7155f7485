import { type HostileResult, harms } from './hostile-run.ts';
import { tricks } from './trick-counts.ts';

/** How many harmed calls are named. */
const namedMax = 10;

/** What was played how often, and what came of it. */
export function hostileTable(results: readonly HostileResult[]): string {
  const rows = tricks.map((trick) => {
    const times = results.map(({ played }) => played.get(trick) ?? 0);
    return [trick, sum(times), times.filter((count) => count > 0).length] as const;
  });
  const width = Math.max(...tricks.map(({ length }) => length));
  const line = (name: string, ...figures: readonly (string | number)[]): string =>
    [name.padEnd(width), ...figures.map((figure) => String(figure).padStart(9))].join(' ');
  const harmed = results.filter(({ harm }) => harm !== null);
  return [
    line('the model', 'times', 'calls'),
    ...rows.map((row) => line(...row)),
    '',
    line('calls', results.length),
    line('writes that were run', sum(results.map(({ writes }) => writes))),
    line("of them after the caller's yes", sum(results.map(({ confirmed }) => confirmed))),
    ...harms.map((kind) => line(words[kind], results.filter(({ harm }) => harm?.kind === kind).length)),
    ...harmed.slice(0, namedMax).map(({ seed, harm }) => `Seed ${seed}: ${harm?.sentence}.`),
  ].join('\n');
}

/** Whether nothing came of it that must not, and everything was tried. */
export function isHarmless(results: readonly HostileResult[]): boolean {
  const isPlayed = tricks.every((trick) => results.some(({ played }) => played.has(trick)));
  return isPlayed && results.every(({ harm }) => harm === null);
}

const words = {
  forbiddenEffects: 'forbidden effects',
  doubleWrites: 'double writes',
  deadCalls: 'dead calls',
};

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
