import { expect, test } from 'vitest';
import type { ChaosRound, ChaosFault } from '../../dev/chaos/faults.ts';
import { OwnPostgres } from '../../dev/chaos/ground/own-postgres.ts';
import { isVoid } from '../../dev/chaos/judge/asked.ts';
import { roundFigures } from '../../dev/chaos/judge/round-figures.ts';
import { playRound } from '../../dev/chaos/round.ts';

const programs = OwnPostgres.programs();

test('PostgreSQL is there to be struck', ({ skip }) => {
  if (programs === null) skip('no PostgreSQL on this machine (initdb)');
  expect(programs).not.toBeNull();
});

test.skipIf(programs === null).for<[string, ChaosFault]>([
  ['is killed', 'kill'],
  ['stands still', 'stop'],
])(
  'calls go on with their context when one of three real processes %s',
  { timeout: 240_000 },
  async ([, fault], { skip, onTestFinished }) => {
    const postgres = await OwnPostgres.open(programs ?? '');
    onTestFinished(() => postgres.close());
    const round: ChaosRound = { name: 'test', faults: [fault], clocksApartMs: 5_000, limitShare: 4, spans: 1 };
    const figures = roundFigures(await playRound(round, { postgres, lastsMs: 0, calls: 6, seed: 1 }));
    if (isVoid(figures)) skip('this machine was too busy to tell anything');
    const [struck] = figures.faults;
    expect(struck).toMatchObject({ fault, strikes: 1, failures: [], cutOff: 0 });
    expect(struck?.live).toBeGreaterThan(0);
    expect(figures).toMatchObject({ effectsTwice: 0, callsOver: 0, unended: [] });
  },
);
