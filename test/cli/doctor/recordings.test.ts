import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../temporary-folder.ts';
import { findingsFor } from './doctor-scene.ts';

test('whether calls can be recorded is said, and no folder is made for it', async (context) => {
  const folder = temporaryFolder(context, { file: '' });
  const judged = async (RECORD_DIR: string) => {
    const { findings } = await findingsFor(context, {
      env: { RECORD_DIR },
      wants: ({ name }) => name === 'recordings',
    });
    return findings.filter(({ check }) => check === 'recordings');
  };
  const path = join(folder, 'new', 'calls');
  expect(await judged(path)).toMatchObject([{ level: 'ok', text: `${path}.` }]);
  expect(existsSync(path)).toBe(false);
  for (const barred of [join(folder, 'file'), join(folder, 'file', 'calls')])
    expect(await judged(barred)).toMatchObject([
      { level: 'warning', text: `${barred} cannot be written: calls are answered, and not recorded.` },
    ]);
  expect(await judged('')).toMatchObject([{ level: 'ok' }]);
});
