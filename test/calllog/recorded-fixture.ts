import { readFileSync } from 'node:fs';
import { readLog } from '../../src/calllog/read-log.ts';

/** A call that the simulators have recorded, by its name in `fixtures/calls`. */
export function recordedFixture(name: string): ReturnType<typeof readLog> {
  const read = (file: string): Buffer => readFileSync(new URL(`../../fixtures/calls/${name}/${file}`, import.meta.url));
  return readLog(read('call.jsonl').toString(), read('call.audio'));
}
