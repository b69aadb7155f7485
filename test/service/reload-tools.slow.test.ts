import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/load/load-config.ts';
import { openAgentTools } from '../../src/service/agent-tools.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { createEndCall } from '../../src/tools/end-call.ts';
import { LogLines } from '../log-lines.ts';
import { toolFile } from '../tool-process/tool-folder.ts';
import { toolContext } from '../tools/tool-context.ts';
import { until } from '../until.ts';
import { folderOf } from '../temporary-folder.ts';

test('changed files are used by the next run, and what does not load changes nothing and is told', async () => {
  const folder = folderOf({ 'hours.ts': toolFile({ hours: "return 'At nine.';" }) });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const log = new LogLines();
  const opened = await openAgentTools(loadConfig({ TOOLS_DIR: folder }), {
    builtIn: [createEndCall()],
    log: log.logger,
    env: {},
  });
  onTestFinished(opened.close);
  const hours = opened.tools.get('hours');
  const taken: ReadonlyMap<string, Tool>[] = [];
  opened.watch(({ tools }) => taken.push(tools));
  expect(await answer(hours)).toBe('At nine.');

  write('hours.ts', toolFile({ hours: "return 'At ten.';", days: "return 'On Mondays.';" }));
  await until('the change is taken', () => taken.length === 1);
  expect([...(taken[0]?.keys() ?? [])]).toEqual(['end_call', 'days', 'hours']);
  expect(await answer(taken[0]?.get('days'))).toBe('On Mondays.');
  // A call that began before has the tools of then, and runs them as they are now.
  await until('the new program answers', async () => (await answer(hours)) === 'At ten.');

  write('broken.ts', 'export const broken = ;');
  await until('it is told', () => log.named('toolsKept').length === 1);
  expect(log.named('toolsKept')).toMatchObject([
    { level: 'warn', problems: [`${join(folder, 'broken.ts')}, line 1, cannot be loaded: Expression expected.`] },
  ]);
  expect(await answer(hours)).toBe('At ten.');

  write('broken.ts', toolFile({ end_call: "return 'Bye.';" }));
  await until('it is told', () => log.named('toolsKept').length === 2);
  expect(log.named('toolsKept')[1]).toMatchObject({
    problems: [expect.stringContaining('Several tools are named "end_call"')],
  });

  write('broken.ts', toolFile({ mended: "return 'Mended.';" }));
  await until('the mended file is taken', () => taken.length === 2);
  expect(await answer(taken[1]?.get('mended'))).toBe('Mended.');
  expect(log.named('toolsTaken').at(-1)).toMatchObject({ tools: ['mended', 'days', 'hours'] });
});

test('a run that is on when files change ends where it began', async () => {
  const mark = join(folderOf({}), 'mark');
  const slow = `const { existsSync } = await import('node:fs');
    while (!existsSync(word ?? '')) await new Promise((resolve) => setTimeout(resolve, 20));
    return 'Slowly.';`;
  const folder = folderOf({ 'slow.ts': toolFile({ slow }, 'timeoutMs: 30_000,') });
  const log = new LogLines();
  const opened = await openAgentTools(loadConfig({ TOOLS_DIR: folder }), { builtIn: [], log: log.logger, env: {} });
  onTestFinished(opened.close);
  opened.watch(() => {});
  const run = opened.tools.get('slow')?.run({ word: mark }, toolContext());
  writeFileSync(join(folder, 'slow.ts'), toolFile({ slow: "return 'Quickly.';" }));
  await until('the change is taken', () => log.named('toolsTaken').length === 1);
  await expect(opened.tools.get('slow')?.run({}, toolContext())).resolves.toEqual({ response: { result: 'Quickly.' } });
  writeFileSync(mark, '');
  await expect(run).resolves.toEqual({ response: { result: 'Slowly.' } });
});

test('a folder that nobody named is used as soon as it is there, and is missed when it is gone', async () => {
  const folder = join(folderOf({}), 'tools');
  const log = new LogLines();
  const config = { ...loadConfig({}), toolsFolder: { path: folder, isNamed: false, privateHosts: [] } };
  const opened = await openAgentTools(config, { builtIn: [], log: log.logger, env: {} });
  onTestFinished(opened.close);
  expect(opened.names).toEqual([]);
  const taken: ReadonlyMap<string, Tool>[] = [];
  opened.watch(({ tools }) => taken.push(tools));
  mkdirSync(folder);
  writeFileSync(join(folder, 'hours.ts'), toolFile({ hours: "return 'At nine.';" }));
  await until('the folder is taken', () => taken.length === 1);
  expect(await answer(taken[0]?.get('hours'))).toBe('At nine.');
  rmSync(folder, { recursive: true });
  await until('it is missed', () => log.named('toolsKept').length === 1);
  expect(await answer(taken[0]?.get('hours'))).toBe('At nine.');
  expect(taken).toHaveLength(1);
});

/** What a tool tells the model. */
async function answer(tool: Tool | undefined): Promise<unknown> {
  return (await tool?.run({}, toolContext()))?.response['result'];
}
