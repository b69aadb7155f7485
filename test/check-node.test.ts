import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const start = fileURLToPath(new URL('../src/start.js', import.meta.url));

test.each(['20.20.2', '22.19.0', '24.14.1'])(
  'whoever types "node src/start.js" with Node %s is told so in one line',
  (version) => {
    const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(older)}`, start],
      { encoding: 'utf8', env: { PARLEY_ENV_FILE: 'off', PORT: 'x' } },
    );
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      new RegExp(`^Parley needs Node 24\\.15 or later, and this is ${version}\\. .*"npm start".*\n$`),
    );
  },
);
