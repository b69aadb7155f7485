import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSettings } from '../../../src/cli/doctor/settings.ts';
import { startSettings } from '../../../src/config/load/start-settings.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

test('what is wrong in a file that a setting names is corrected in the file', async (context) => {
  const path = join(
    temporaryFolder(context, { 'people.yaml': 'boss: { to: "+43 1 2345678", accept: no }\n' }),
    'people.yaml',
  );
  const load = async () => startSettings({ PARLEY_ENV_FILE: 'off', PORT: 'x', TRANSFER_DESTINATIONS_FILE: path });
  const { findings } = await readSettings(load, new Map());
  expect(findings).toMatchObject([
    { text: expect.stringMatching(/^PORT /), advice: expect.stringMatching(/^Correct it in \.env or the shell/) },
    {
      text: expect.stringContaining('people.yaml:1:30 boss.accept'),
      advice: expect.stringMatching(/^Correct the line\./),
    },
  ]);
});
