import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toolFile } from '../tool-process/tool-folder.ts';
import { startCli } from './run-cli.ts';
import { folderOf } from '../temporary-folder.ts';

const orders = { LOOKUP_FILE: 'fixtures/data/orders.csv' };

describe('npm run tool', () => {
  test('runs the tools that Parley brings along', async () => {
    const { exitCode, stdout } = await startCli('tool', ['lookup_record', '{"query":"A1042"}'], { settings: orders });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Maria Lindqvist');
    const ended = await startCli('tool', ['end_call']);
    expect(ended.stdout).toContain('and shall not speak of it');
    expect(ended.stdout).toContain('The call would end.');
  });

  test('lists the tools with their parameters', async () => {
    const folder = folderOf({ 'book.ts': toolFile({ book: "return 'x';" }, "effect: 'write', confirm: true,") });
    const { exitCode, stdout } = await startCli('tool', [], { settings: { ...orders, TOOLS_DIR: folder } });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('    query: string. The value alone, as the caller said it');
    expect(stdout).toContain('    field: one of "order", "customer"');
    expect(stdout).toContain('book (write, asks first)\n  Does it.\n    word: string, optional\n');
  });

  test('says what a tool threw, which the model is not told', async () => {
    const folder = folderOf({ 'broken.ts': toolFile({ broken: "throw new RangeError('no such day');" }) });
    const { exitCode, stdout, stderr } = await startCli('tool', ['broken'], { settings: { TOOLS_DIR: folder } });
    expect([exitCode, stderr]).toEqual([1, '\nIt did not work: tool.failed.\n']);
    const [told, logged] = stdout.split('It logged:');
    expect(told).not.toContain('no such day');
    expect(logged).toMatch(/toolThrew .*no such day.*broken\.ts:/);
  });

  test('runs what changes something only when it is told so', async () => {
    const folder = folderOf({ 'book.ts': toolFile({ book: "return 'Booked.';" }, "effect: 'write',") });
    const settings = { TOOLS_DIR: folder };
    await expect(startCli('tool', ['book'], { settings })).resolves.toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'book changes something or tells somebody. Add --really to run it.\n',
    });
    await expect(startCli('tool', ['book', '{}', '--really'], { settings })).resolves.toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Booked.'),
    });
  });

  test('gives up a tool that never ends', async () => {
    const folder = folderOf({ 'loop.ts': toolFile({ loop: 'for (;;);' }, 'timeoutMs: 100,') });
    const { exitCode, stdout } = await startCli('tool', ['loop'], { settings: { TOOLS_DIR: folder } });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('It took too long.');
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
    const { exitCode, stdout, stderr } = await startCli('tool', args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(problem);
    expect(stderr).not.toContain('    at ');
  });

  test('tells which arguments do not fit', async () => {
    const { exitCode, stdout, stderr } = await startCli('tool', ['lookup_record', '{"word":"x"}'], {
      settings: orders,
    });
    expect(exitCode).toBe(2);
    expect(stdout).toContain('The arguments of lookup_record do not fit. query:');
    expect(stderr).toContain('tool.argumentsInvalid');
  });

  test('says with its exit code that a lookup failed', async () => {
    const nobody = `hosts: [{ host: "127.0.0.1:9", allow_private: true }]
tools: { ask: { kind: http, description: Asks., url: "http://127.0.0.1:9/" } }`;
    const settings = { TOOLS_FILE: join(folderOf({ 'tools.yaml': nobody }), 'tools.yaml') };
    const { exitCode, stdout } = await startCli('tool', ['ask'], { settings });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('"status": "failed"');
  });

  test('says which entry of the tools file cannot be opened', async () => {
    const entries = `tools:
  records: { kind: table, description: Finds., file: none.csv }
  papers: { kind: knowledge, folder: none }
  status: { kind: sql, description: Tells., database: none.db, query: SELECT 1 AS one }
  server: { kind: mcp, command: parley-no-such-program, tools: { any: {} } }`;
    const folder = folderOf({ 'tools.yaml': entries });
    const { exitCode, stderr } = await startCli('tool', [], { settings: { TOOLS_FILE: join(folder, 'tools.yaml') } });
    expect(exitCode).toBe(2);
    for (const problem of [
      `records: The lookup file ${join(folder, 'none.csv')} cannot be used: `,
      'papers: The folder none cannot be read',
      `status: SQLite cannot ask ${join(folder, 'none.db')}: `,
      'server: The MCP server cannot be started or reached: ',
    ]) {
      expect(stderr.split('\n').filter((line) => line.startsWith(problem))).toHaveLength(1);
    }
  });

  test('says with its exit code that a test fails', async () => {
    const failing = "import { test } from 'node:test'; test('fails', () => { throw new Error('not so'); });";
    const settings = { TOOLS_DIR: folderOf({ 'a.test.ts': failing }) };
    await expect(startCli('tool', ['--test'], { settings })).resolves.toMatchObject({ exitCode: 1 });
  });
});
