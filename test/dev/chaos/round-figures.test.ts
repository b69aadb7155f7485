import { describe, expect, test } from 'vitest';
import { chaosTables } from '../../../dev/chaos/chaos-table.ts';
import { isVoid, missedBy } from '../../../dev/chaos/judge/asked.ts';
import { roundFigures } from '../../../dev/chaos/judge/round-figures.ts';
import type { StrikeFacts } from '../../../dev/chaos/judge/round-facts.ts';
import { callFacts, roundFacts, sessionFacts, stretch } from './round-facts.ts';

const away: StrikeFacts = { fault: 'databaseCut', instance: null, atMs: 10_000, untilMs: 20_000 };
const talking = [stretch(0, 12), stretch(14, 18), stretch(19, 30)];

describe('a round misses what is asked', () => {
  const well = { strikes: [away], calls: [callFacts({ sounds: talking })] };

  test('in no way where all went well', () => {
    expect(missedBy(roundFigures(roundFacts(well)))).toEqual([]);
  });

  test.for([
    [
      'a webhook has no answer',
      { failedWebhooks: [{ atMs: 1, purpose: 'voice', detail: 'no connection' }] },
      'webhooks',
    ],
    ['a caller hears nothing for long', { sounds: [stretch(0, 11), stretch(17, 30)] }, 'went on'],
    ['a call loses its stream', { streams: [stretch(0, 15), stretch(15.5, null)] }, 'went on'],
    ['a caller gets the apology', { apologisedMs: 15_000 }, 'went on'],
  ] as const)('where %s', ([, of, sentence]) => {
    const facts = roundFacts({ ...well, calls: [callFacts({ sounds: talking, ...of })] });
    expect(missedBy(roundFigures(facts))).toEqual([expect.stringContaining(sentence)]);
  });

  test('where a call that comes meanwhile is not answered', () => {
    const late = callFacts({ callSid: 'CA2', placedMs: 15_000, answeredMs: null, streams: [] });
    const facts = roundFacts({ ...well, calls: [callFacts({ sounds: talking }), late] });
    expect(missedBy(roundFigures(facts))).toEqual(['database refuses: 0 of 1 new calls were answered.']);
  });

  test('where an effect happened twice, a call has no end, or there were too many', () => {
    const facts = roundFacts({
      ...well,
      effects: ['one', 'two', 'one'],
      journal: new Map([['CA1', null]]),
      callsMax: 0,
    });
    expect(missedBy(roundFigures(facts))).toEqual([
      '1 effects of tools happened twice.',
      '1 calls were above the limit.',
      '1 calls have no end in the journal.',
    ]);
  });

  test('where callers of a killed process hear nothing for more than four seconds', () => {
    const slow = callFacts({
      streams: [stretch(0, 10), stretch(14, null)],
      sounds: [stretch(9, 10), stretch(14.5, 30)],
    });
    const facts = roundFacts({ calls: [slow], sessions: [sessionFacts(14, {})] });
    expect(missedBy(roundFigures(facts))).toEqual([expect.stringContaining('4.5 s, not 4.0 s')]);
  });

  test('where no call was live, because then nothing is known', () => {
    expect(missedBy(roundFigures(roundFacts({ taken: [] })))).toEqual([expect.stringContaining('no call was live')]);
  });
});

function isVoidWith(p99Ms: number, maxMs: number): boolean {
  return isVoid(
    roundFigures(
      roundFacts({
        late: [
          { p99Ms: 0, maxMs: 0 },
          { p99Ms, maxMs },
        ],
      }),
    ),
  );
}

test('a round says nothing when the machine itself was late', () => {
  expect(isVoidWith(100, 1_000)).toBe(false);
  expect(isVoidWith(500, 1_000)).toBe(true);
  expect(isVoidWith(100, 5_000)).toBe(true);
});

test('callers who get the busy tone are counted as refused, and calls that follow each other are not at once', () => {
  const refused = callFacts({ callSid: 'CA2', streams: [], endedMs: 1_000, endReason: 'rejected' });
  const first = callFacts({ streams: [stretch(0, 5)], endedMs: 5_000, endReason: 'callerHungUp' });
  const next = callFacts({ callSid: 'CA3', streams: [stretch(5, null)] });
  const figures = roundFigures(roundFacts({ calls: [refused, first, next], strikes: [], callsMax: 1 }));
  expect(figures).toMatchObject({ calls: 3, refused: 1, callsOver: 0 });
});

test('the tables mark what is missed, and what says nothing', () => {
  const good = roundFigures(roundFacts({ strikes: [away], calls: [callFacts({ sounds: talking })] }));
  const tables = chaosTables([
    { name: 'good', figures: good },
    { name: 'bad', figures: { ...good, effectsTwice: 1 } },
    { name: 'late', figures: { ...good, lateMs: 9_000 } },
  ]);
  expect(tables).toContain('| good        | database refuses |');
  expect(tables).toMatch(/\| bad !/);
  expect(tables.match(/late \(void\)/g)).toHaveLength(2);
});
