import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/load/load-config.ts';
import { lookupFields } from '../../src/lookups/lookup-fields.ts';
import { openAgentTools } from '../../src/service/agent-tools.ts';
import { createEndCall } from '../../src/tools/end-call.ts';
import { LogLines } from '../log-lines.ts';
import { toolFile } from '../tool-process/tool-folder.ts';
import { startService } from '../service-host.ts';
import { toolContext } from '../tools/tool-context.ts';
import { until } from '../until.ts';
import { folderOf } from '../temporary-folder.ts';

const { logger } = new LogLines();

test('tools of TOOLS_DIR stand beside those that Parley brings along', async () => {
  const folder = folderOf({ 'hours.ts': toolFile({ hours: "return 'At nine.';" }) });
  const config = loadConfig({ TOOLS_DIR: folder });
  const { tools, warnings, close } = await openAgentTools(config, { builtIn: [createEndCall()], log: logger, env: {} });
  onTestFinished(close);
  expect([[...tools.keys()], warnings]).toEqual([['end_call', 'hours'], []]);
  await expect(tools.get('hours')?.run({}, toolContext())).resolves.toEqual({ response: { result: 'At nine.' } });
});

test('hosts for tools of a folder that is not there are doubted', async () => {
  const toolsFolder = { path: 'nowhere', isNamed: false, privateHosts: ['erp.internal:8443'] };
  const { warnings, close } = await openAgentTools(
    { ...loadConfig({}), toolsFolder },
    { builtIn: [createEndCall()], log: logger, env: {} },
  );
  onTestFinished(close);
  expect(warnings).toEqual([
    'TOOLS_PRIVATE_HOSTS is set, and nowhere, whose tools might ask these hosts, is no folder; the tools file names its own, under hosts: with allow_private.',
  ]);
});

test('LOOKUP_FILE is looked into in a process of its own, and read again when it changes', async () => {
  const file = join(folderOf({ 'orders.csv': 'order,status\nA1042,packed\n' }), 'orders.csv');
  const usual = {
    ...loadConfig({ LOOKUP_FILE: file }),
    toolsFolder: { path: 'nowhere', isNamed: false, privateHosts: [] },
  };
  const { tools, close } = await openAgentTools(usual, { builtIn: [createEndCall()], log: logger, env: {} });
  onTestFinished(close);
  expect([...tools.keys()]).toEqual(['end_call', 'lookup_record']);
  const look = async () =>
    (await tools.get('lookup_record')?.run({ query: 'a ten forty-two' }, toolContext()))?.response;
  expect(await look()).toEqual({ status: 'found', result: 'The order is A1042. The status is packed.' });
  writeFileSync(file, 'order,status\nA1042,shipped\n');
  await until('the new status', async () => JSON.stringify(await look()).includes('shipped'));
});

test('all that is wrong is said at once, with the file: what does not load, names, and what a model refuses', async () => {
  const measure = `import { defineTool } from 'parley/tool';
import { z } from 'zod';
export const measure = defineTool({
  name: 'measure', description: 'Measures.', run: () => 'done',
  parameters: z.object({ sizes: z.record(z.string(), z.number()) }),
});`;
  const folder = folderOf({
    'bye.ts': toolFile({ end_call: "return 'Bye.';" }),
    'hours.ts': toolFile({ hours: "return 'At nine.';" }),
    'times.ts': toolFile({ hours: "return 'At ten.';" }),
    'twice.ts': toolFile({ first: "return 'x';", second: "return 'y';" }).replace("name: 'first'", "name: 'second'"),
    'broken.ts': 'export const broken = ;',
    'measure.ts': measure,
  });
  const config = loadConfig({ TOOLS_DIR: folder, GEMINI_FALLBACK_MODEL: 'gemini-3.8-live-extended-thinking' });
  const at = (name: string): string => join(folder, name);
  await expect(openAgentTools(config, { builtIn: [createEndCall()], log: logger, env: {} })).rejects.toMatchObject({
    code: 'tools.fileInvalid',
    message: [
      `${at('broken.ts')}, line 1, cannot be loaded: Expression expected.`,
      `Several tools are named "end_call": in Parley itself and in ${at('bye.ts')}. Rename all but one.`,
      `Several tools are named "hours": in ${at('hours.ts')} and in ${at('times.ts')}. Rename all but one.`,
      `Several tools are named "second": in ${at('twice.ts')}. Rename all but one.`,
      `${at('measure.ts')}: The tool measure cannot be declared to gemini-3.8-live-extended-thinking, which takes no JSON Schema: "additionalProperties" at sizes of its parameters has no equivalent.`,
    ].join('\n'),
  });
});

test('a folder that is named must be there, and the usual one need not', async () => {
  const nowhere = join(folderOf({ 'a.txt': '' }), 'nowhere');
  await expect(
    openAgentTools(loadConfig({ TOOLS_DIR: nowhere }), { builtIn: [], log: logger, env: {} }),
  ).rejects.toThrow(`TOOLS_DIR names ${nowhere}, which cannot be read: it does not exist.`);
  await expect(
    openAgentTools(loadConfig({ TOOLS_DIR: import.meta.filename }), { builtIn: [], log: logger, env: {} }),
  ).rejects.toThrow('which is no folder');
  const usual = { ...loadConfig({}), toolsFolder: { path: nowhere, isNamed: false, privateHosts: [] } };
  const { tools, close } = await openAgentTools(usual, { builtIn: [createEndCall()], log: logger, env: {} });
  onTestFinished(close);
  expect([...tools.keys()]).toEqual(['end_call']);
});

test('tools of TOOLS_FILE run in a process of their own, with secrets of the environment', async () => {
  const service = await startService(({ headers }, response) =>
    response.end(JSON.stringify({ key: headers['x-key'] })),
  );
  onTestFinished(service.close);
  const host = `"127.0.0.1:${service.port}"`;
  const text = [
    `hosts: [{ host: ${host}, allow_private: true }]`,
    'tools:',
    '  search: { kind: google_search }',
    '  ping:',
    '    kind: http',
    '    description: Pings.',
    `    url: http://127.0.0.1:${service.port}/`,
    '    headers: { X-Key: "${PING_KEY}" }',
    '    answer: { say: "The key has {key}." }',
  ].join('\n');
  const config = loadConfig({ TOOLS_FILE: join(folderOf({ 'tools.yaml': text }), 'tools.yaml') });
  const opened = await openAgentTools(config, {
    builtIn: [createEndCall()],
    log: logger,
    env: { PING_KEY: 'abcdefgh' },
  });
  onTestFinished(opened.close);
  expect([[...opened.tools.keys()], opened.searches]).toEqual([['end_call', 'ping'], ['search']]);
  const told = await opened.tools.get('ping')?.run({}, toolContext());
  expect(told).toEqual({ response: { status: 'found', result: 'The key has ***.' } });
  expect(service.asked).toMatchObject([{ headers: { 'x-key': 'abcdefgh' } }]);
});

test('mistakes of TOOLS_FILE and of TOOLS_DIR are told together', async () => {
  const folder = folderOf({
    'broken.ts': 'export const broken = ;',
    'lists/tools.yaml': 'tools:\n  end_call: { kind: htp }\n',
  });
  const file = join(folder, 'lists/tools.yaml');
  const config = loadConfig({ TOOLS_DIR: folder, TOOLS_FILE: file });
  await expect(openAgentTools(config, { builtIn: [createEndCall()], log: logger, env: {} })).rejects.toMatchObject({
    code: 'tools.fileInvalid',
    message: [
      `${file}:2:3 tools.end_call has the name of a tool that Parley brings along; it wants another one.`,
      `${file}:2:3 tools.end_call.description is missing.`,
      `${file}:2:3 tools.end_call.url is missing.`,
      `${file}:2:15 tools.end_call.kind is "htp"; it wants one of ${Object.keys(lookupFields).join(', ')}; did you mean http.`,
      `${join(folder, 'broken.ts')}, line 1, cannot be loaded: Expression expected.`,
    ].join('\n'),
  });
});

test('a tool in code asks hosts of this network only where they are named', async () => {
  const service = await startService((_asked, response) => response.end('pong'));
  onTestFinished(service.close);
  const ask = `return (await context.fetch('http://localhost:${service.port}/')).text();`;
  const folder = folderOf({ 'ask.ts': toolFile({ ask }) });
  const told = async (hosts: Record<string, string>) => {
    const { tools, close } = await openAgentTools(loadConfig({ TOOLS_DIR: folder, ...hosts }), {
      builtIn: [],
      log: logger,
      env: {},
    });
    onTestFinished(close);
    return tools.get('ask')?.run({}, toolContext());
  };
  await expect(told({})).rejects.toMatchObject({ code: 'fetch.refused' });
  expect(service.asked).toEqual([]);
  await expect(told({ TOOLS_PRIVATE_HOSTS: `localhost:${service.port}` })).resolves.toEqual({
    response: { result: 'pong' },
  });
});
