import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, expect, test } from 'vitest';

import { loadConfig } from '../../../src/config/load/load-config.ts';
import { loadSettings, namedPath, readEnvironment } from '../../../src/config/load-settings.ts';
import { readEnvFile } from '../../../src/config/env-file/read-env-file.ts';
import { packageFolder } from '../../../src/config/package-folder.ts';
import { ParleyError } from '../../../src/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the file .env of the package is read, wherever the process stands', () => {
  const home = newFolder('home', { '.env': 'AGENT_VOICE=Puck' });
  expect(readEnvFile({}, home).values.get('AGENT_VOICE')).toMatchObject({ line: 1, value: 'Puck' });
});

test('no .env is no mistake, and one under another name is named', () => {
  expect(readEnvFile({}, newFolder('bare', {}))).toMatchObject({ problems: [], warnings: [] });
  const home = newFolder('windows', { '.env.txt': 'AGENT_VOICE=Puck' });
  expect(readEnvFile({}, home).warnings).toEqual([
    `${join(home, '.env.txt')} is not read, and there is no ${join(home, '.env')}; rename or move it if it holds settings.`,
  ]);
});

test('PARLEY_ENV_FILE names another file, or none', () => {
  const home = newFolder('both', { '.env': 'AGENT_VOICE=Puck', 'other.env': 'PORT 1' });
  const other = join(home, 'other.env');
  expect(readEnvFile({ PARLEY_ENV_FILE: other }, home).problems).toEqual([
    expect.stringContaining(`${other} line 1: this is not NAME=value`),
  ]);
  expect(readEnvFile({ PARLEY_ENV_FILE: relative(packageFolder, other) }, home).problems).toHaveLength(1);
  for (const off of ['off', 'OFF']) expect(readEnvFile({ PARLEY_ENV_FILE: off }, home).values.size).toBe(0);
});

test('a file that is named and cannot be read is a mistake, and a folder in its place too', () => {
  const home = newFolder('odd', {});
  mkdirSync(join(home, '.env'));
  expect(readEnvFile({}, home).problems).toEqual([`${join(home, '.env')} is a folder and no file.`]);
  const missing = join(home, 'missing.env');
  expect(readEnvFile({ PARLEY_ENV_FILE: missing }, home).problems).toEqual([
    `PARLEY_ENV_FILE names ${missing}, which cannot be read: it does not exist.`,
  ]);
  const huge = join(newFolder('huge', { '.env': '#'.repeat(1_000_001) }), '.env');
  expect(readEnvFile({ PARLEY_ENV_FILE: huge }).problems).toEqual([
    `PARLEY_ENV_FILE names ${huge}, which is larger than 1000000 bytes.`,
  ]);
});

test('the shell wins over the file, also with nothing, and what it hides is named', () => {
  const home = newFolder('hidden', { '.env': 'AGENT_VOICE=Puck\nPORT=1\nLOG_LEVEL=debug\n' });
  const file = readEnvFile({}, home);
  const { http, agent, logLevel, warnings } = loadConfig({ AGENT_VOICE: 'Zephyr', PORT: '' }, undefined, file);
  expect([http.port, agent.voice, logLevel]).toEqual([8080, 'Zephyr', 'debug']);
  expect(warnings).toEqual([
    `${join(home, '.env')} line 1: AGENT_VOICE does not count, because the shell sets it to something else; unset it there.`,
    `${join(home, '.env')} line 2: PORT does not count, because the shell sets it to something else; unset it there.`,
  ]);
});

test('what libraries look for in the environment is put there, and nothing of a file that is refused', () => {
  const home = newFolder('libraries', {
    'good.env': 'HTTPS_PROXY=http://proxy:3128\nTZ=UTC',
    'bad.env': 'TZ=UTC\nPORT=x',
  });
  const env: Record<string, string | undefined> = { PARLEY_ENV_FILE: join(home, 'good.env'), TZ: 'Europe/Vienna' };
  loadSettings(env);
  expect(env).toMatchObject({ HTTPS_PROXY: 'http://proxy:3128', TZ: 'Europe/Vienna' });
  const other = { PARLEY_ENV_FILE: join(home, 'bad.env') };
  expect(() => loadSettings(other)).toThrow(ParleyError);
  expect(other).not.toHaveProperty('TZ');
});

test('a command that needs one setting takes it from the shell, else from the file', () => {
  const PARLEY_ENV_FILE = join(newFolder('phrase', { 'a.env': 'FILLER_PHRASE_FILE=moment.wav\nPORT' }), 'a.env');
  const path = (env: Readonly<Record<string, string>>) => namedPath({ PARLEY_ENV_FILE, ...env }, 'FILLER_PHRASE_FILE');
  expect(path({})).toBe(join(packageFolder, 'moment.wav'));
  expect(path({ FILLER_PHRASE_FILE: '/own.wav' })).toBe('/own.wav');
  expect(path({ FILLER_PHRASE_FILE: '' })).toBeNull();
});

test('a command that needs few settings takes them from the shell, else from the file, which must be right', () => {
  const home = newFolder('few', { 'good.env': 'PORT=1\nHOST=::1', 'bad.env': 'PORT' });
  const shell = { PARLEY_ENV_FILE: join(home, 'good.env'), PORT: '2' };
  expect(readEnvironment(shell)).toEqual({ ...shell, HOST: '::1' });
  expect(() => readEnvironment({ PARLEY_ENV_FILE: join(home, 'bad.env') })).toThrow('line 1: this is not NAME=value');
});

function newFolder(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}
