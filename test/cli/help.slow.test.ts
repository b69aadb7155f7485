import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(`${root}package.json`, 'utf8')));

/** The scripts that run a command: the name of each, and its file. */
const commands = Object.entries(scripts).flatMap(([name, script]) => {
  const [, file] = /((?:src\/cli|dev(?:\/[\w-]+)*|examples\/[\w-]+)\/[\w-]+\.ts|src\/start\.js)$/.exec(script) ?? [];
  return file === undefined ? [] : [{ name, file }];
});

test('every script that runs a file of ours is one of them', () => {
  const ours = Object.entries(scripts).filter(([, script]) => script.startsWith('exec node'));
  expect(commands.map(({ name }) => name)).toEqual(ours.map(([name]) => name));
});

test.for(commands)('npm run $name -- --help prints its usage: what it does, and every option', ({ name, file }) => {
  const out = execFileSync(process.execPath, [file, '--help'], { cwd: root, encoding: 'utf8' });
  expect(out).toMatch(new RegExp(`^Usage: npm (?:run )?${name}\\b`));
  expect(out.split('\n')[1]).toMatch(/^  [A-Z]/);
  const source = readFileSync(root + file, 'utf8');
  const options = [...source.matchAll(/(?<=[\s{])'?([a-z-]+)'?: \{ type: '(?:string|boolean)'/g)].map(
    ([, option]) => option,
  );
  expect(options.filter((option) => !out.includes(`--${option}`))).toEqual([]);
});
