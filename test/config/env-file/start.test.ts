import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load/load-config.ts';
import { serve } from '../../../src/serve.ts';
import { startProgram } from '../../start-program.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** A service that starts although it must not disturbs no other one, and ends with the test. */
const nowhere = { PORT: '0', ADMIN_PORT: 'off', JOURNAL_FILE: 'off' };

test('a file that would be misread is refused, with every line of it in one answer', async (context) => {
  const settings = 'AGENT_PROMPT=You sell shoes. Order #5 is late.\nAGENT_GREETING="Hi.\nGEMINI_API_KEY=…\nPORT';
  const file = join(temporaryFolder(context, { 'parley.env': settings }), 'parley.env');
  const child = startProgram({ ...nowhere, PARLEY_ENV_FILE: file });
  const closed = once(child, 'close');
  context.onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  const [said, [exitCode]] = await Promise.all([text(child.stderr), closed]);
  expect(exitCode).toBe(1);
  expect(said.split('\n')).toEqual([
    expect.stringContaining(`${file} line 1: AGENT_PROMPT would end before the "#"`),
    expect.stringContaining(`${file} line 2: AGENT_GREETING opens with a " that nothing closes before line 3`),
    expect.stringContaining(`${file} line 4: this is not NAME=value`),
    expect.stringContaining('GEMINI_API_KEY holds a placeholder'),
    '',
  ]);
});

test('a database that cannot be used is told of in one line, without its password', async () => {
  const config = loadConfig({ ...nowhere, DATABASE_URL: 'postgres://a:hidden@127.0.0.1:1/parley' });
  const error: unknown = await serve(config, null).catch((reason: unknown) => reason);
  expect(String(error)).toMatch(/^\w+: The database of DATABASE_URL cannot be reached \(ECONNREFUSED\): .*$/);
  expect(String(error)).not.toContain('hidden');
});

test('agents that are wrong are told of beside tools that are wrong', async (context) => {
  const folder = temporaryFolder(context, {
    'agents.yaml': 'agents:\n  front:\n    default: true\n    voice: Nobody\n',
  });
  const files = { TOOLS_DIR: join(folder, 'nowhere'), AGENTS_FILE: join(folder, 'agents.yaml') };
  const error: unknown = await serve(loadConfig({ ...nowhere, ...files }), null).catch((reason: unknown) => reason);
  expect(String(error).split('\n')).toEqual([
    expect.stringContaining(`TOOLS_DIR names ${files.TOOLS_DIR}, which cannot be read`),
    expect.stringContaining('agents.front.voice is "Nobody"'),
  ]);
});
