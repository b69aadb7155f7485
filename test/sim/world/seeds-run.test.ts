import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Progress } from '../../../src/sim/run/progress.ts';
import { recordScenario, saveRecording } from '../../../src/sim/run/record.ts';
import { scenarioOfSeed } from '../../../src/sim/run/seed.ts';
import { runSeeds } from '../../../src/sim/run/seeds.ts';
import { readLog } from '../../../src/calllog/read-log.ts';
import { replay } from '../../../src/calllog/replay.ts';
import { standardAudioPath } from '../../../src/sounds/standard-audio-path.ts';

test('a run that is resumed plays only what is left, and finds the same', async () => {
  const path = join(folder(), 'progress.json');
  const first = await runSeeds({ from: 500, to: 510 }, new Progress(path), () => {});
  const finished = JSON.parse(readFileSync(path, 'utf8'));
  expect(finished).toMatchObject([{ from: 500, to: 510, hash: expect.any(String) }]);

  // A mark that only the file can have: whoever played the seeds again would lose it.
  writeFileSync(path, JSON.stringify([{ ...finished[0], failedSeeds: [507] }]));
  const second = await runSeeds({ from: 500, to: 510 }, new Progress(path), () => {});
  expect(second).toEqual({ ...first, failedSeeds: [507] });
});

test('a file that is no progress is refused by its name', () => {
  const path = join(folder(), 'other.json');
  writeFileSync(path, '{"a":1}');
  expect(() => new Progress(path)).toThrow(`${path} is not the progress of a simulation`);
});

test('a seed that is saved replays exactly', () => {
  const saved = folder();
  saveRecording(saved, recordScenario(scenarioOfSeed(11)));
  const record = readLog(readFileSync(join(saved, 'call.jsonl'), 'utf8'), readFileSync(join(saved, 'call.audio')));
  expect(record.header.why).toBe('The call of seed 11.');
  expect(replay(record, standardAudioPath)).toMatchObject({ divergence: null, broken: [] });
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'parley-simulate-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}
