import { placeAt } from '../call/call-scene.ts';
import { describe, expect, test } from 'vitest';
import { type HostileResult, runHostile, runHostileBatch } from '../../dev/hostile/hostile-run.ts';
import { isHarmless, hostileTable } from '../../dev/hostile/hostile-table.ts';
import { Call } from '../../src/call/call.ts';
import type { ToolTerms } from '../../src/call/tooling/tool-terms.ts';

const slice = { from: 20_000, to: 20_060 };

test('nothing comes of a hostile model, whatever it tries', () => {
  const results = runHostileBatch(slice);
  expect(isHarmless(results) ? '' : hostileTable(results)).toBe('');
});

describe('a service that is sabotaged is found out', () => {
  test.for<[string, string, (terms: ToolTerms) => ToolTerms]>([
    [
      'takes what changes something for a look-up',
      'doubleWrites',
      (terms) => ({ ...terms, effect: 'read', confirm: false }),
    ],
    ['does not ask the caller', 'forbiddenEffects', (terms) => ({ ...terms, confirm: false })],
  ])('because it %s', ([, kind, change]) => {
    const harms = firstHarms((settings, audioPath) => {
      const tools = Object.fromEntries(Object.entries(settings.tools).map(([name, terms]) => [name, change(terms)]));
      return new Call({ ...settings, tools }, audioPath);
    });
    expect(harms).toContain(kind);
  });

  test('because it dials whatever it is told', () => {
    const harms = firstHarms(
      (settings, audioPath) =>
        new Call(
          { ...settings, destinations: { ...settings.destinations, '+15559999999': placeAt('+15559999999') } },
          audioPath,
        ),
    );
    expect(harms).toContain('forbiddenEffects');
  });
});

function firstHarms(makeCall: NonNullable<Parameters<typeof runHostile>[1]>['makeCall']): (string | undefined)[] {
  const seeds = Array.from({ length: 40 }, (_, at) => slice.from + at);
  const results: HostileResult[] = seeds.map((seed) => runHostile(seed, makeCall === undefined ? {} : { makeCall }));
  return results.map(({ harm }) => harm?.kind);
}
