import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

import { afterEach, describe, expect, onTestFinished, test } from 'vitest';

import { createMcpFetch } from '../../../src/lookups/mcp/mcp-fetch.ts';
import { listenOnAnyPort } from '../../any-port.ts';
import { McpScene } from './mcp-scene.ts';

const scene = new McpScene();
afterEach(async () => await scene.close());

const serverPath = fileURLToPath(new URL('hostile-server.ts', import.meta.url));

/** The fields of an entry with a server that lists a tool `ask` with this schema, and these others. */
function entry(schema: object, others: readonly object[] = []) {
  const ask = { name: 'ask', description: 'Asks.', inputSchema: { type: 'object', ...schema } };
  return {
    command: process.execPath,
    args: [serverPath, JSON.stringify([ask, ...others])],
    tools: { ask: { effect: 'read' } },
  };
}

/** A text that the reader of a pattern tries to fit in 2^40 ways. */
const endless = `${'a'.repeat(40)}!`;

/** Each level asks the next one twice, thirty levels deep. */
const doubling = Object.fromEntries(
  Array.from({ length: 30 }, (_level, at) => {
    const next = { allOf: [{ $ref: `#/definitions/d${at + 1}` }] };
    return [`d${at}`, { anyOf: [next, next] }];
  }),
);

test('a secret that a server tells is not told on', async () => {
  const given = { env: { TOKEN: 's3cr3t-token' }, secrets: ['s3cr3t-token'] };
  const lookup = await scene.open({ ...entry({}), ...given });
  expect(await scene.run(lookup, 'ask', {})).toMatchObject({ result: '[{},"***"]' });
  const failing = await scene.open({
    ...given,
    command: '/bin/sh',
    args: ['-c', 'echo "$TOKEN is wrong" >&2'],
    tools: { ask: null },
  });
  expect(failing.warnings).toEqual([expect.stringContaining('It said last: *** is wrong.')]);
});

test('news of a server over HTTP are not asked for as often as it wants', async () => {
  const asked: (string | undefined)[] = [];
  const http = createServer(({ method }, response) => {
    asked.push(method);
    response.end();
  });
  const host = `127.0.0.1:${await listenOnAnyPort(http)}`;
  const { fetch, close } = createMcpFetch([{ host, allow_private: true }]);
  onTestFinished(async () => {
    await close();
    http.close();
  });
  await fetch(`http://${host}/`, { method: 'GET' });
  const abort = new AbortController();
  const again = fetch(`http://${host}/`, { method: 'GET', signal: abort.signal });
  for (const body of ['one', 'two']) await fetch(`http://${host}/`, { method: 'POST', body });
  expect(asked).toEqual(['GET', 'POST', 'POST']);
  abort.abort();
  await expect(again).rejects.toMatchObject({ name: 'AbortError' });
});

describe('a schema of a server', () => {
  test.each([
    ['has a pattern that takes years', { properties: { text: { type: 'string', pattern: '^(a+)+$' } } }],
    [
      'refers on and on',
      { properties: { text: { $ref: '#/definitions/d0' } }, definitions: { ...doubling, d30: { type: 'number' } } },
    ],
    ['refers to itself', { allOf: [{ $ref: '#' }] }],
  ])('that %s keeps nobody waiting, and its tool is not called', async (_what, schema) => {
    const lookup = await scene.open(entry(schema));
    const asking = scene.run(lookup, 'ask', { text: endless });
    await expect(asking).rejects.toMatchObject({ code: 'tool.argumentsInvalid' });
    await expect(asking).rejects.toThrow('The schema of the server cannot be followed.');
  });

  test('that would be checked later is checked at once', async () => {
    const lookup = await scene.open(entry({ $async: true, properties: { text: { type: 'number' } } }));
    const asking = scene.run(lookup, 'ask', { text: 'seven' });
    await expect(asking).rejects.toThrow('The arguments of ask do not fit. data/text must be number.');
  });

  test('of the results of a tool that nobody wants spoils no other', async () => {
    const outputSchema = { type: 'object', properties: { price: { type: 'money' } } };
    const nonsense = { name: 'other', inputSchema: { type: 'object' }, outputSchema };
    const lookup = await scene.open(entry({}, [nonsense]));
    expect(await scene.run(lookup, 'ask', {})).toMatchObject({ status: 'done' });
  });
});
