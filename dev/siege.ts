import { parseArgs } from 'node:util';
import { helpIfAsked } from '../src/cli/help.ts';
import { runBesideService } from './siege/run-beside-service.ts';
import { siegeGroups } from './siege/siege-groups.ts';
import { siegeTable, siegeTotal } from './siege/siege-report.ts';
import { runSiege, type SiegeRow } from './siege/siege-run.ts';

const usage = `Usage: npm run siege -- [options]
  Abuses the running service in every way that is known, beside a healthy call that must not notice.
  --only KIND    one kind of abuse, or all whose names hold this text; may be given several times
  --list         names the kinds and does nothing
  --seconds N    how long each lasts, and the quiet phase before each group; 1.5 unless set`;

/** Abuses the real service in every way that is known, beside a healthy call that must not notice. Exits with 1 when it did. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      list: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '1.5' },
    },
  });
  const groups = chosen(values.only);
  if (values.list) {
    for (const { name, kinds } of groups) console.log([`— ${name}`, ...kinds.map((kind) => kind.name)].join('\n'));
    return 0;
  }
  const startedMs = performance.now();
  const lastsMs = 1000 * secondsIn(values.seconds);
  const rows = await runSiege({ groups, lastsMs, countsDelays: true, onRow: tellRow });
  console.log(`\n${siegeTable(rows)}\n${siegeTotal(rows)} ${((performance.now() - startedMs) / 1000).toFixed(0)} s.`);
  if (rows.some(({ verdict }) => verdict === 'FAIL')) return 1;
  // What could not be measured is not proven.
  return rows.some(({ verdict }) => verdict === 'void') ? 2 : 0;
}

function chosen(only: readonly string[]) {
  if (only.length === 0) return siegeGroups;
  const fits = (name: string): boolean => only.some((text) => name.includes(text));
  const groups = siegeGroups
    .map(({ name, kinds }) => ({ name, kinds: kinds.filter((kind) => fits(kind.name)) }))
    .filter(({ kinds }) => kinds.length > 0);
  if (groups.length === 0) throw new RangeError(`No kind of abuse has such a name: ${only.join(', ')}.\n${usage}`);
  return groups;
}

function tellRow({ verdict, kind, why, tries }: SiegeRow): void {
  const again = tries > 1 ? ` (tried ${tries} times)` : '';
  console.log([`${verdict} ${kind}${again}`, ...why].join('; '));
}

function secondsIn(text: string): number {
  const value = /^\d{1,2}(?:\.\d)?$/.test(text) ? Number(text) : 0;
  if (value >= 0.5 && value <= 60) return value;
  throw new RangeError(`Not a number from 0.5 to 60: "${text}".\n${usage}`);
}

helpIfAsked(usage);
await runBesideService(main);
