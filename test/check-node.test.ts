import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';

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

// An older Node knows neither TypeScript nor all options of `npm start`, and says so in words that help nobody.
test('each command for users looks at the Node first, before this is given options', () => {
  const file = fileURLToPath(new URL('../package.json', import.meta.url));
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(file, 'utf8')));
  const forUsers = Object.entries(scripts).filter(([, line]) => /^exec node .*\b(?:src|examples)\//.test(line));
  expect(forUsers.length).toBeGreaterThan(10);
  for (const [name] of forUsers) expect([name, scripts[`pre${name}`]]).toEqual([name, 'node src/check-node.js']);
});
