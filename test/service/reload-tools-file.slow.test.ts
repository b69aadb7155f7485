import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/load/load-config.ts';
import { type OfferedTools, openAgentTools } from '../../src/service/agent-tools.ts';
import { createEndCall } from '../../src/tools/end-call.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { LogLines } from '../log-lines.ts';
import { toolContext } from '../tools/tool-context.ts';
import { until } from '../until.ts';
import { folderOf } from '../temporary-folder.ts';

const customers = 'customers: { kind: table, file: customers.csv, description: Finds a customer. }';
const orders = 'orders: { kind: table, file: orders.csv, description: Finds an order. }';

async function openFile(lines: readonly string[]) {
  const folder = folderOf({
    'tools.yaml': fileOf(lines),
    'orders.csv': 'order,status\nA1,shipped\n',
    'customers.csv': 'customer,city\nAnna,Graz\n',
  });
  const file = join(folder, 'tools.yaml');
  const log = new LogLines();
  const config = loadConfig({ TOOLS_FILE: file, TOOLS_DIR: folderOf({}) });
  const opened = await openAgentTools(config, { builtIn: [createEndCall()], log: log.logger, env: {} });
  onTestFinished(opened.close);
  const taken: OfferedTools[] = [];
  opened.watch((offered) => taken.push(offered));
  return { opened, file, log, taken, write: (...next: readonly string[]) => writeFileSync(file, fileOf(next)) };
}

function fileOf(lines: readonly string[]): string {
  return ['tools:', ...lines.map((line) => `  ${line}`), ''].join('\n');
}

test('a changed tools file is used by the next call, and a wrong one changes nothing and is told with its line', async () => {
  const { opened, file, log, taken, write } = await openFile([orders]);
  expect([...opened.tools.keys()]).toEqual(['end_call', 'orders']);

  write(orders, customers, 'web: { kind: google_search }');
  await until('the change is taken', () => taken.length === 1);
  expect([...(taken[0]?.tools.keys() ?? [])]).toEqual(['end_call', 'orders', 'customers']);
  expect(taken[0]).toMatchObject({ searches: ['web'], names: ['end_call', 'orders', 'customers', 'web'] });
  expect(await answer(taken[0]?.tools.get('customers'), 'Anna')).toContain('Graz');
  // A call that began before asks the process that is there.
  expect(await answer(opened.tools.get('orders'), 'A1')).toContain('shipped');

  write(orders, 'customers: { kind: tabel, file: customers.csv, description: Finds a customer. }');
  await until('it is told', () => log.named('toolsKept').length === 1);
  expect(log.named('toolsKept')).toMatchObject([
    { level: 'warn', problems: [expect.stringContaining(`${file}:3:16 tools.customers.kind is "tabel"`)] },
  ]);
  expect(await answer(taken[0]?.tools.get('customers'), 'Anna')).toContain('Graz');

  write(orders, 'customers: { kind: table, file: nowhere.csv, description: Finds a customer. }');
  await until('it is told', () => log.named('toolsKept').length === 2);

  write(customers);
  await until('the change is taken', () => taken.length === 2);
  expect([...(taken[1]?.tools.keys() ?? [])]).toEqual(['end_call', 'customers']);
  // The process in which it ran closes once its runs are over.
  await until('the tool that was taken away is gone', async () =>
    opened.tools
      .get('orders')
      ?.run({ query: 'A1' }, toolContext())
      .then(
        () => false,
        (error: unknown) => String(error).includes('The tool orders is not there any more.'),
      ),
  );
});

test('a folder of documents that was empty has its tool as soon as it holds one, and an agent may name it before', async () => {
  const documents = folderOf({});
  const { opened, taken } = await openFile([`manual: { kind: knowledge, folder: ${documents} }`]);
  expect([...opened.tools.keys()]).toEqual(['end_call']);
  expect(opened.names).toEqual(['end_call', 'manual']);
  expect(opened.warnings.join()).toContain('so the tool is not offered until it does');

  mkdirSync(join(documents, 'boilers'));
  writeFileSync(join(documents, 'boilers', 'noise.md'), '# Noises\nA boiler that hums has air in its pump.\n');
  await until('the tool is offered', () => taken.at(-1)?.tools.has('manual') === true);
  const manual = taken.at(-1)?.tools.get('manual');
  const told = await manual?.run({ question: 'Why does my boiler hum?', terms: 'pump' }, toolContext());
  expect(JSON.stringify(told)).toContain('air in its pump');

  rmSync(join(documents, 'boilers'), { recursive: true });
  await until('the tool is not offered', () => taken.at(-1)?.tools.has('manual') === false);
});

/** What a table tells the model. */
async function answer(tool: Tool | undefined, query: string): Promise<string> {
  return JSON.stringify(await tool?.run({ query }, toolContext()));
}
