import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withLogFile } from '../../../src/calllog/timeline/log-file.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

test('a file larger than what is read at once gives its lines whole, and its sound from any place', (context) => {
  const path = join(temporaryFolder(context), 'call.jsonl');
  // Letters of several bytes lie across the places where the file is cut.
  const lines = Array.from({ length: 9 }, (_, at) => `${at}${'é€'.repeat(60_000 + at)}`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  const sound = Buffer.alloc(
    9_000_000,
    Uint8Array.from({ length: 251 }, (_, at) => at),
  );
  writeFileSync(path.replace('.jsonl', '.audio'), sound);
  withLogFile(path, ({ lines: read, isWhole, audio }) => {
    expect([...read].map((line, at) => line === lines[at])).toEqual(lines.map(() => true));
    expect(isWhole()).toBe(true);
    expect(audio?.length).toBe(9_000_000);
    for (const [from, to] of [
      [0, 100],
      [8_388_600, 8_388_700],
      [50, 60],
      [8_999_990, 9_000_010],
      [9_000_000, 9_000_001],
    ] as const)
      expect([from, Buffer.compare(audio?.subarray(from, to) ?? sound, sound.subarray(from, to))]).toEqual([from, 0]);
  });
});

test('a last line without an end is given, and told', (context) => {
  const path = join(temporaryFolder(context), 'call.jsonl');
  writeFileSync(path, 'one\ntwo');
  withLogFile(path, ({ lines, isWhole, audio }) => {
    expect([...lines]).toEqual(['one']);
    expect([isWhole(), audio]).toEqual([false, null]);
  });
  expect(() => withLogFile(path.replace('call', 'none'), () => null)).toThrow('cannot be read: it does not exist');
  expect(() => withLogFile('call.txt', () => null)).toThrow('the name of a call log ends in .jsonl');
});
