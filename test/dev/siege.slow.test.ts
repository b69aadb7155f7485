import { expect, test } from 'vitest';
import { siegeGroups } from '../../dev/siege/siege-groups.ts';
import type { SiegeKind } from '../../dev/siege/siege-kind.ts';
import { runSiege } from '../../dev/siege/siege-run.ts';

/** One or two from each place. What they do to delays is for `npm run siege`, on a machine that is not busy. */
const few = new Set([
  'form-of-many-fields',
  'pipelined',
  'badly-signed-upgrades',
  'starts-with-a-wrong-token',
  'ten-thousand-keys',
  'a-second-stream',
  'bills-of-many-kinds',
  'interruptions-without-end',
  'opens-and-closes',
]);

const lastsMs = 500;

test('whatever strangers, callers and models do, another call loses nothing', async () => {
  const kinds = siegeGroups.flatMap((group) => group.kinds).filter(({ name }) => few.has(name));
  const rows = await runSiege({ groups: [{ name: 'a few', kinds }], lastsMs, countsDelays: false });
  expect(rows).toHaveLength(few.size);
  expect(rows.filter(({ verdict }) => verdict !== 'PASS')).toEqual([]);
});

test('a service that dies is seen, and the next kind meets another one', async () => {
  const kinds: readonly SiegeKind[] = [
    { name: 'kills', attack: async (ground) => ground.service.stop() },
    { name: 'does-nothing', attack: (ground) => ground.end() },
  ];
  const rows = await runSiege({ groups: [{ name: 'test', kinds }], lastsMs, countsDelays: false });
  expect(rows.map(({ verdict, why }) => [verdict, why])).toEqual([
    ['FAIL', expect.arrayContaining(['the process died'])],
    ['PASS', []],
  ]);
});
