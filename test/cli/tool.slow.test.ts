import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toolFile } from '../tool-process/tool-folder.ts';
import { toolCommand } from '../../src/cli/tool.ts';
import { runHere, startCli } from './run-cli.ts';
import { folderOf } from '../temporary-folder.ts';

const orders = { LOOKUP_FILE: 'fixtures/data/orders.csv' };

describe('npm run tool', () => {
  test('runs the tools that Parley brings along', async () => {
    const { code, out } = await runHere(toolCommand, ['lookup_record', '{"query":"A1042"}'], { settings: orders });
    expect(code).toBe(0);
    expect(out).toContain('Maria Lindqvist');
    const ended = await runHere(toolCommand, ['end_call']);
    expect(ended.out).toContain('and shall not speak of it');
    expect(ended.out).toContain('The call would end.');
  });

  test('lists the tools with their parameters', async () => {
    const folder = folderOf({ 'book.ts': toolFile({ book: "return 'x';" }, "effect: 'write', confirm: true,") });
    const { code, out } = await runHere(toolCommand, [], { settings: { ...orders, TOOLS_DIR: folder } });
    expect(code).toBe(0);
    expect(out).toContain('    query: string. The value alone, as the caller said it');
    expect(out).toContain('    field: one of "order", "customer"');
    expect(out).toContain('book (write, asks first)\n  Does it.\n    word: string, optional\n');
  });

  test('says what a tool threw, which the model is not told', async () => {
    const folder = folderOf({ 'broken.ts': toolFile({ broken: "throw new RangeError('no such day');" }) });
    const { code, out, err } = await runHere(toolCommand, ['broken'], { settings: { TOOLS_DIR: folder } });
    expect([code, err]).toEqual([1, '\nIt did not work: tool.failed.\n']);
    const [told, logged] = out.split('It logged:');
    expect(told).not.toContain('no such day');
    expect(logged).toMatch(/toolThrew .*no such day.*broken\.ts:/);
  });

  test('runs what changes something only when it is told so', async () => {
    const folder = folderOf({ 'book.ts': toolFile({ book: "return 'Booked.';" }, "effect: 'write',") });
    const settings = { TOOLS_DIR: folder };
    await expect(runHere(toolCommand, ['book'], { settings })).resolves.toEqual({
      code: 2,
      out: '',
      err: 'book changes something or tells somebody. Add --really to run it.\n',
    });
    await expect(runHere(toolCommand, ['book', '{}', '--really'], { settings })).resolves.toMatchObject({
      code: 0,
      out: expect.stringContaining('Booked.'),
    });
  });

  test('gives up a tool that never ends', async () => {
    const folder = folderOf({ 'loop.ts': toolFile({ loop: 'for (;;);' }, 'timeoutMs: 100,') });
    const { code, out } = await runHere(toolCommand, ['loop'], { settings: { TOOLS_DIR: folder } });
    expect(code).toBe(1);
    expect(out).toContain('It took too long.');
  });

  test.for([
    [['nobody'], 'There is no tool "nobody". The tools are: end_call.'],
    [['end_call', '{"a"'], 'The arguments are no JSON object: {"a"'],
    [['end_call', '[]'], 'The arguments are no JSON object: []'],
    [['end_call', '{}', 'more'], 'There is more than a name and its arguments: more.'],
    [['end_call', '--from', '911'], '--from wants a number such as +15550111, and not "911".'],
    [['--loud'], "Unknown option '--loud'"],
    [['--new', 'Opening Hours'], '--new wants a name of small letters, digits and "_"'],
  ] as const)('refuses %j in one sentence', async ([args, problem]) => {
    const { code, out, err } = await runHere(toolCommand, args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(problem);
    expect(err).not.toContain('    at ');
  });

  test('tells which arguments do not fit', async () => {
    const { code, out, err } = await runHere(toolCommand, ['lookup_record', '{"word":"x"}'], {
      settings: orders,
    });
    expect(code).toBe(2);
    expect(out).toContain('The arguments of lookup_record do not fit. query:');
    expect(err).toContain('tool.argumentsInvalid');
  });

  test('says with its exit code that a lookup failed', async () => {
    const nobody = `hosts: [{ host: "127.0.0.1:9", allow_private: true }]
tools: { ask: { kind: http, description: Asks., url: "http://127.0.0.1:9/" } }`;
    const settings = { TOOLS_FILE: join(folderOf({ 'tools.yaml': nobody }), 'tools.yaml') };
    const { code, out } = await runHere(toolCommand, ['ask'], { settings });
    expect(code).toBe(1);
    expect(out).toContain('"status": "failed"');
  });

  test('says which entry of the tools file cannot be opened', async () => {
    const entries = `tools:
  records: { kind: table, description: Finds., file: none.csv }
  papers: { kind: knowledge, folder: none }
  status: { kind: sql, description: Tells., database: none.db, query: SELECT 1 AS one }
  server: { kind: mcp, command: parley-no-such-program, tools: { any: {} } }`;
    const folder = folderOf({ 'tools.yaml': entries });
    const { code, err } = await runHere(toolCommand, [], { settings: { TOOLS_FILE: join(folder, 'tools.yaml') } });
    expect(code).toBe(2);
    for (const problem of [
      `records: The lookup file ${join(folder, 'none.csv')} cannot be read: `,
      'papers: The folder none cannot be read',
      `status: SQLite cannot ask ${join(folder, 'none.db')}: `,
      'server: The MCP server cannot be started or reached: ',
    ]) {
      expect(err.split('\n').filter((line) => line.startsWith(problem))).toHaveLength(1);
    }
  });

  test('writes a tool whose test passes', async () => {
    const settings = { TOOLS_DIR: join(folderOf({}), 'own') };
    await runHere(toolCommand, ['--new', 'opening_hours'], { settings });
    const tested = await startCli('tool', ['--test'], settings);
    expect(tested).toMatchObject({ code: 0, out: expect.stringContaining('pass 2') });
  });

  test('says with its exit code that a test fails', async () => {
    const failing = "import { test } from 'node:test'; test('fails', () => { throw new Error('not so'); });";
    const settings = { TOOLS_DIR: folderOf({ 'a.test.ts': failing }) };
    await expect(startCli('tool', ['--test'], settings)).resolves.toMatchObject({ code: 1 });
  });
});
