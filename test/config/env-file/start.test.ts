import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test, type TestContext } from 'vitest';

import { isJsonObject, parseJson } from '../../../src/encoding/json.ts';
import { compileCache } from '../../compile-cache.ts';
import { until } from '../../until.ts';

test('a file that would be misread is refused, with every line of it in one answer', async (context) => {
  const { file, child } = start(
    context,
    'AGENT_PROMPT=You sell shoes. Order #5 is late.\nAGENT_GREETING="Hi.\nGEMINI_API_KEY=…\nPORT',
  );
  const [said, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect(exitCode).toBe(1);
  expect(said.split('\n')).toEqual([
    expect.stringContaining(`${file} line 1: AGENT_PROMPT would end before the "#"`),
    expect.stringContaining(`${file} line 2: AGENT_GREETING opens with a " that nothing closes before line 3`),
    expect.stringContaining(`${file} line 4: this is not NAME=value`),
    expect.stringContaining('GEMINI_API_KEY holds a placeholder'),
    '',
  ]);
});

test('a database that cannot be used is told of in one line', async (context) => {
  const { child } = start(context, 'DATABASE_URL=postgres://a:hidden@127.0.0.1:1/parley');
  const [said, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect(exitCode).toBe(1);
  expect(said).toMatch(/^The database of DATABASE_URL cannot be reached \(ECONNREFUSED\): .*\n$/);
  expect(said).not.toContain('hidden');
});

test('a service that starts says what was mended, what it ignores, and what its agent is made of', async (context) => {
  const prompt = 'You sell shoes.\nOrder #5 is late.';
  // The path begins in the package, and not where the process stands.
  const { child } = start(
    context,
    `\uFEFFAGENT_PROMPT="${prompt}"\r\nAGENT_VOCE=Puck\r\nLOOKUP_FILE=fixtures/data/orders.csv\r\nFALLBACK_VOICEMAIL=true\r\n`,
  );
  let logged = '';
  child.stdout.on('data', (data: Buffer) => (logged += data.toString()));
  const lines = await until('it listens', () => {
    const all = logged.split('\n').map(parseJson).filter(isJsonObject);
    return all.some(({ msg }) => msg === 'listening') ? all : undefined;
  });
  expect(lines.find(({ msg }) => msg === 'listening')).toMatchObject({
    model: 'simulated',
    voice: 'Kore',
    language: null,
    promptCharacters: prompt.length,
    isOwnPrompt: true,
    tools: ['lookup_record', 'end_call'],
    destinations: [],
    fallback: ['voicemail'],
    journal: null,
  });
  expect(lines.filter(({ msg }) => msg === 'configuration').map(({ warning }) => warning)).toEqual([
    expect.stringContaining('begins with a byte order mark'),
    expect.stringContaining('has the line ends of Windows'),
    expect.stringContaining('AGENT_VOCE is not a setting of Parley; did you mean AGENT_VOICE?'),
  ]);
});

/** Starts the program in a folder of its own, with such a file and an otherwise empty environment. It is killed when the test is over. */
function start({ onTestFinished }: TestContext, settings: string) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  const file = join(folder, 'parley.env');
  writeFileSync(file, settings);
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../../src/main.ts', import.meta.url))], {
    cwd: folder,
    env: { ...compileCache, PARLEY_ENV_FILE: file, PORT: '0', ADMIN_PORT: 'off', JOURNAL_FILE: 'off' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
  });
  return { file, child };
}
