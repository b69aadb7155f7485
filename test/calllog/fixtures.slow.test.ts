import { describe, expect, test } from 'vitest';
import { fixtures, fixturesOften, nothingOtherwise, recordedOtherwise } from './kept-calls.ts';

const others = fixtures.filter((fixture) => fixture.scenario !== null && !fixturesOften.includes(fixture));

describe.for(others)('$name', (fixture) => {
  test('is what its scenario gives', () => {
    expect(recordedOtherwise(fixture)).toEqual(nothingOtherwise);
  });
});
