import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CallFixture, callFixtures } from '../../src/sim/run/fixtures.ts';
import { recordScenario } from '../../src/sim/run/record.ts';

/** All calls that are kept. */
export const fixtures = callFixtures();

/** Those that are recorded again with every `npm test`, one of each kind: to play a call takes four times as long as to replay it. */
export const fixturesOften = [
  'barge-in',
  'end-call',
  'frames-malformed',
  'greeting-heard',
  'lookup',
  'manual-barge-in',
  'operator-transfers',
  'restored-resumed',
  'rotation-in-mid-reply',
  'stall-mid-sentence',
  'stream-lost',
  'timers-late',
  'transfer-busy',
  'voicemail',
  'write-over-lost-session',
].map((name) => {
  const fixture = fixtures.find((one) => one.name === name);
  if (fixture === undefined) throw new RangeError(`There is no fixture named ${name}.`);
  return fixture;
});

/** What the scenario of a call gives otherwise than it did; null where there is none. */
export function recordedOtherwise({ folder, scenario }: CallFixture) {
  if (scenario === null) return null;
  const recording = recordScenario(scenario);
  // The lines are long, so a difference is told by the first of them.
  const [recorded, again] = [linesOf(folder), recording.lines].map((text) => text.split('\n'));
  const line = again?.find((one, index) => one !== recorded?.[index]) ?? null;
  return { broken: recording.call.broken, line, hasOtherSound: Buffer.compare(recording.audio, audioOf(folder)) !== 0 };
}

/** The same log again. */
export const nothingOtherwise = { broken: [], line: null, hasOtherSound: false };

export function linesOf(folder: string): string {
  return readFileSync(join(folder, 'call.jsonl'), 'utf8');
}

export function audioOf(folder: string): Buffer {
  return readFileSync(join(folder, 'call.audio'));
}
