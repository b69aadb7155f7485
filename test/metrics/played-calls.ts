import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Call } from '../../src/call/call.ts';
import { type RecordedCall, readLog } from '../../src/calllog/read-log.ts';
import { CallWatch, type CallWatcher } from '../../src/metrics/call-watch.ts';
import { standardAudioPath } from '../../src/sounds/standard-audio-path.ts';

/** That of the recorded calls, so that each goes as it went. */
export const audioPath = standardAudioPath;

/** Those that the calls of the fixtures are offered. */
export const tools = ['lookup_record', 'transfer_call', 'end_call'];

const folder = fileURLToPath(new URL('../../fixtures/calls/', import.meta.url));

/** Those that were read last: some are played more than once, and all of them together would fill the memory. */
const records = new Map<string, RecordedCall>();
const recordsMax = 10;

/** Has a kept call of the simulators happen once more, before the eyes of a watcher. */
export function playFixture(name: string, watcher: CallWatcher): void {
  const { header, steps } = recordOf(name);
  const call = new Call(header.settings, audioPath);
  const watch = new CallWatch(audioPath, [watcher]);
  for (const { event } of steps) watch.write(event, call.handle(event), 0.2);
  watch.close({ how: 'ended', tally: call.tally });
}

function recordOf(name: string): RecordedCall {
  const known = records.get(name);
  if (known !== undefined) return known;
  const lines = readFileSync(join(folder, name, 'call.jsonl'), 'utf8');
  const record = readLog(lines, readFileSync(join(folder, name, 'call.audio')));
  records.set(name, record);
  const [oldest] = records.keys();
  if (records.size > recordsMax && oldest !== undefined) records.delete(oldest);
  return record;
}
