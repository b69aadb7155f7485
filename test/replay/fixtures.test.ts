import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { callFixtures } from '../../src/cli/simulate-fixtures.ts';
import { recordScenario } from '../../src/cli/simulate-record.ts';
import { readLog } from '../../src/replay/read-log.ts';
import { replay } from '../../src/replay/replay.ts';
import { standardAudioPath } from '../../src/shell/standard-audio-path.ts';

const fixtures = callFixtures();

test('there are fixtures, and they are small', () => {
  expect(fixtures.length).toBeGreaterThan(24);
  const bytes = fixtures.map(({ folder }) => lines(folder).length + audio(folder).length);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(6_000_000);
});

// A change that is meant to order something else is recorded with `npm run simulate -- --record-fixtures` and read as a diff.
describe.for(fixtures)('$name', ({ folder, scenario }) => {
  test('replays exactly, says why it is kept, and is no longer than it has to be', () => {
    const record = readLog(lines(folder), audio(folder));
    const { divergence, broken, durationMs } = replay(record, standardAudioPath);
    expect({ divergence, broken }).toEqual({ divergence: null, broken: [] });
    expect(record.header.why).toMatch(/^[A-Z][^.!?]{20,150}\.$/);
    expect(durationMs).toBeLessThan(20_000);
  });

  test.runIf(scenario !== null)('is what its scenario gives', () => {
    if (scenario === null) return;
    const recording = recordScenario(scenario);
    expect(recording.call.broken).toEqual([]);
    // The lines are long, so a difference is told by the first of them.
    const [recorded, again] = [lines(folder), recording.lines].map((text) => text.split('\n'));
    expect(again?.find((line, index) => line !== recorded?.[index]) ?? null).toBeNull();
    expect(Buffer.compare(recording.audio, audio(folder))).toBe(0);
  });
});

function lines(folder: string): string {
  return readFileSync(join(folder, 'call.jsonl'), 'utf8');
}

function audio(folder: string): Buffer {
  return readFileSync(join(folder, 'call.audio'));
}
