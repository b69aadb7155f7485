import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Call } from '../../src/call/call.ts';
import { readLog } from '../../src/calllog/read-log.ts';
import { CallWatch, type CallWatcher } from '../../src/metrics/call-watch.ts';
import { callFixtures } from '../../src/sim/run/fixtures.ts';
import { levelAudioPath } from '../../src/sim/world/level-audio-path.ts';
import { shippedComfortSounds } from '../../src/sounds/comfort-sounds.ts';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';

/** Keeps length and level of the sound, which is all that is measured of it, and costs little. */
export const audioPath = levelAudioPath(mulawCodec, shippedComfortSounds);

/** Those that the calls of the fixtures are offered. */
export const tools = ['lookup_record', 'transfer_call', 'end_call'];

/** Has a kept call of the simulators happen once more, before the eyes of a watcher. */
export function playFixture(name: string, watcher: CallWatcher): void {
  const fixture = callFixtures().find((one) => one.name === name);
  if (fixture === undefined) throw new RangeError(`There is no fixture ${name}.`);
  const lines = readFileSync(join(fixture.folder, 'call.jsonl'), 'utf8');
  const { header, steps } = readLog(lines, readFileSync(join(fixture.folder, 'call.audio')));
  const call = new Call(header.settings, audioPath);
  const watch = new CallWatch(audioPath, [watcher]);
  for (const { event } of steps) watch.write(event, call.handle(event), 0.2);
  watch.close({ how: 'ended', tally: call.tally });
}
