import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, describe, expect, onTestFinished, test } from 'vitest';

import { mcpKind } from '../../../src/lookups/mcp/mcp-kind.ts';
import { until } from '../../until.ts';
import { McpScene, program, serverPath } from './mcp-scene.ts';

const scene = new McpScene();

afterEach(async () => await scene.close());

describe('a server that is a program', () => {
  test('offers the tools that are allowed, under names that Gemini takes', async () => {
    const tools = {
      'find-Order': { effect: 'read' },
      cancel_order: { confirm: true },
      '1st': { as: 'first', description: 'Says that it is the first.' },
    };
    const lookup = await scene.open(program({ tools }));
    expect(lookup.tools).toMatchObject([
      {
        name: 'find_order',
        description: 'Finds an order.',
        effect: 'read',
        confirm: false,
        timeoutMs: 8_000,
        // What Gemini does not know of it is left out, and checked all the same.
        parameters: {
          type: 'object',
          properties: { number: { type: 'string', description: 'The number of the order.' } },
          required: ['number'],
        },
      },
      { name: 'cancel_order', effect: 'write', confirm: true },
      { name: 'first', description: 'Says that it is the first.', effect: 'write', confirm: false },
    ]);
    expect(JSON.stringify(lookup.tools[0]?.parameters)).not.toMatch(/minLength|\$schema/);
    expect(await scene.run(lookup, 'find_order', { number: 'A1' })).toEqual({
      status: 'done',
      result: 'Order A1 is shipped.',
    });
    expect(await scene.run(lookup, 'cancel_order', { number: 'A1' }, { key: 'CA1-wish' })).toEqual({
      status: 'done',
      result: 'Cancelled A1 for CA1-wish.',
    });
  });

  test('gets PATH and what the entry says, and nothing else of our environment', async () => {
    process.env['PARLEY_TEST_SECRET'] = 'hidden';
    const lookup = await scene.open(program({ env: { TOKEN: 'its own' }, folder: '/', tools: { environment: null } }));
    delete process.env['PARLEY_TEST_SECRET'];
    const environment: unknown = JSON.parse(String((await scene.run(lookup, 'environment'))?.['result']));
    expect(environment).toMatchObject({ TOKEN: 'its own', folder: '/', PATH: process.env['PATH'] });
    expect(JSON.stringify(environment)).not.toContain('hidden');
  });
});

describe('an entry that cannot be used', () => {
  test.each([
    [
      { command: 'parley-no-such-program' },
      /cannot be started or reached: .*It said last: .*parley-no-such-program: (?:command )?not found/,
    ],
    [{ command: process.execPath, folder: '/parley-no-such-folder' }, /cannot be started or reached: .*ENOENT/],
  ])('is refused when there is no such program or folder (case %#)', async (server, why) => {
    const opening = scene.open({ ...server, tools: { any: null } });
    await expect(opening).rejects.toMatchObject({ code: 'tools.fileInvalid', message: expect.stringMatching(why) });
  });

  test('starts nothing that waits for it when the program ends: its tools are offered as soon as it does not', async () => {
    const mark = join(mkdtempSync(join(tmpdir(), 'parley-')), 'licence');
    onTestFinished(() => rmSync(dirname(mark), { recursive: true }));
    const tools = { 'find-Order': { effect: 'read' }, 'not-there': null };
    const script = 'test -e "$2" || { echo no licence >&2; exit 1; }; exec "$0" "$1"';
    const lookup = await scene.open({ command: 'sh', args: ['-c', script, process.execPath, serverPath, mark], tools });
    expect(lookup).toMatchObject({
      tools: [],
      warnings: [
        expect.stringMatching(
          /^look_up: the MCP server does not answer: .* It said last: no licence\. Its tools are offered as soon as it does\.$/,
        ),
      ],
    });
    writeFileSync(mark, '');
    const [offered = []] = await until('the server to be there', () => (scene.offers.length > 0 ? scene.offers : null));
    expect(await scene.run({ ...lookup, tools: offered }, 'find_order', { number: 'A1' })).toMatchObject({
      status: 'done',
    });
    expect(scene.lines).toContainEqual({
      event: 'mcpToolsLeftOut',
      fields: {
        server: 'look_up',
        problems: [expect.stringMatching(/^The MCP server has no tool not-there\. It has /)],
      },
    });
  });

  test('is told with why a program threw, and without the stack', async () => {
    const entry = { command: process.execPath, args: ['no-such-server.js'], tools: { any: null } };
    const { warnings } = await scene.open(entry);
    expect(warnings).toEqual([expect.stringMatching(/It said last: .*Cannot find module '.*no-such-server\.js'/)]);
    expect(warnings.join()).not.toMatch(/ at .*node:internal/);
  });

  test('that takes long to start is waited for beside everything else', async () => {
    const args = ['-c', 'exec "$0" "$1"', process.execPath, serverPath];
    const lookup = await scene.open({ command: 'sh', args, tools: { 'find-Order': null } }, {}, 1);
    expect(lookup.tools).toEqual([]);
    const [offered = []] = await until('the server to be there', () => (scene.offers.length > 0 ? scene.offers : null));
    expect(offered).toMatchObject([{ name: 'find_order' }]);
  });

  test.each([
    {},
    { command: 'a', url: 'https://b/' },
    { url: 'ftp://b/' },
    { url: 'https://b/' },
    { url: 'http://b/', hosts: ['b'] },
    { url: 'https://b/', hosts: ['b'], args: [] },
    { url: 'https://b/', hosts: ['b'], env: {} },
    { command: 'a', headers: {} },
    { command: 'a', tools: {} },
    { command: 'a', tools: { b: { as: 'B-c' } } },
    { command: 'a', tools: { b: { effect: 'call' } } },
    { command: 'a', shell: true },
  ])('is refused by its fields: %j', (fields) => {
    expect(mcpKind.fields.safeParse({ tools: { any: null }, ...fields }).success).toBe(false);
  });
});

describe('a server that does not behave', () => {
  test('and dies is missed at once, and comes back', async () => {
    const lookup = await scene.open(program({ tools: { crash: null, 'find-Order': { effect: 'read' } } }));
    await expect(scene.run(lookup, 'crash')).rejects.toMatchObject({
      code: 'tool.outcomeUnknown',
      message: 'The connection to the service broke off.',
    });
    expect(await scene.run(lookup, 'find_order', { number: 'A1' })).toEqual({
      status: 'failed',
      retryable: true,
      message:
        'The service cannot be reached. Nothing was done. Tell the caller that this does not work at the moment.',
    });
    await until('the server to be back', () => scene.count('mcpServerBack') === 1);
    expect(await scene.run(lookup, 'find_order', { number: 'A1' })).toMatchObject({ status: 'done' });
  });

  test('and stands still is ended and started anew', async () => {
    const tools = { stand_still: { effect: 'read' }, 'find-Order': null };
    const lookup = await scene.open(program({ tools }), { timeoutMs: 400 });
    expect(await scene.run(lookup, 'stand_still')).toMatchObject({ status: 'failed' });
    await until('the server to be started anew', () => scene.count('mcpServerBack') === 1);
    expect(await scene.run(lookup, 'find_order', { number: 'A1' })).toMatchObject({ status: 'done' });
  });

  test.each(['flood', 'chatter'])('and sends without an end (%s) is ended', async (name) => {
    const lookup = await scene.open(program({ tools: { [name]: { effect: 'read' } } }), { timeoutMs: 30_000 });
    expect(await scene.run(lookup, name)).toMatchObject({ status: 'failed' });
    expect(scene.count('mcpServerLost')).toBe(1);
  });

  test('is nonsense: a read failed, and of a write nobody knows', async () => {
    const lookup = await scene.open(program({ tools: { garble: null } }));
    await expect(scene.run(lookup, 'garble')).rejects.toMatchObject({
      code: 'tool.outcomeUnknown',
      message: 'The service gave an answer that cannot be read.',
    });
    const reading = await scene.open(program({ tools: { garble: { effect: 'read' } } }));
    expect(await scene.run(reading, 'garble')).toMatchObject({ status: 'failed' });
  });
});

describe('the end of a server', () => {
  test('comes with its lookup, also for one that is stubborn, and for what it has started', async () => {
    const lookup = await scene.open(program({ tools: { have_child: null } }, ['--stubborn']));
    const pids = pidsOf((await scene.run(lookup, 'have_child'))?.['result']);
    expect(pids.filter(isAlive)).toHaveLength(2);
    await lookup.close();
    await until('both to be gone', () => pids.filter(isAlive).length === 0);
  });

  test('comes with the process that started it, however that ends', async () => {
    const lane = fork(fileURLToPath(new URL('lane-child.ts', import.meta.url)), [serverPath]);
    const [pids] = await once(lane, 'message');
    expect(pidsOf(pids).filter(isAlive)).toHaveLength(2);
    lane.kill('SIGKILL');
    await until('both to be gone', () => pidsOf(pids).filter(isAlive).length === 0);
  });
});

function pidsOf(result: unknown): number[] {
  return String(result).split(' ').map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
