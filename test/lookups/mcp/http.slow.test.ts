import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { until } from '../../until.ts';
import { HttpTestServer } from './http-test-server.ts';
import { McpScene } from './mcp-scene.ts';

const scene = new McpScene();
const server = new HttpTestServer();

beforeAll(async () => await server.listen());
afterEach(async () => await scene.close());
afterAll(async () => await server.stop());

describe('a server over HTTP', () => {
  test('is asked with the headers of the entry', async () => {
    const headers = { authorization: 'Bearer secret' };
    const lookup = await scene.open(server.entry({ headers, tools: { 'find-Order': null } }));
    expect(await scene.run(lookup, 'find_order', { number: 'A1' })).toEqual({
      status: 'done',
      result: 'Order A1 is shipped.',
    });
    expect(new Set(server.authorizations.splice(0))).toEqual(new Set(['Bearer secret']));
  });

  test('takes effect and confirmation of the entry where a tool does not say', async () => {
    const tools = { 'find-Order': null, cancel_order: { effect: 'write' } };
    const { tools: offered } = await scene.open(server.entry({ tools }), { effect: 'read', timeoutMs: 3_000 });
    expect(offered).toMatchObject([
      { effect: 'read', timeoutMs: 3_000 },
      { effect: 'write', confirm: false },
    ]);
  });

  test('is not asked with arguments that it does not take', async () => {
    const lookup = await scene.open(server.entry({ tools: { 'find-Order': null } }));
    for (const args of [{}, { number: 7 }, { number: 'A' }, null]) {
      await expect(scene.run(lookup, 'find_order', args)).rejects.toMatchObject({ code: 'tool.argumentsInvalid' });
    }
    await expect(scene.run(lookup, 'find_order', { number: 'A' })).rejects.toThrow(
      'The arguments of find_order do not fit. data/number must NOT have fewer than 2 characters.',
    );
  });
});

describe('what a server answers', () => {
  test('that it refused is said by its own words, as data', async () => {
    const lookup = await scene.open(server.entry({ tools: { refuse: null, throw: null } }));
    const failed = {
      status: 'failed',
      retryable: false,
      message: 'The service says in result why it did not do it. Tell the caller in your own words.',
    };
    expect(await scene.run(lookup, 'refuse')).toEqual({ ...failed, result: 'The order is closed.' });
    expect(await scene.run(lookup, 'throw')).toEqual({ ...failed, result: 'no such table: orders' });
  });

  test('is cut, named where it cannot be told, and never empty', async () => {
    const lookup = await scene.open(
      server.entry({ tools: { long: null, show: null, structured: null, nothing: null } }),
    );
    const long = String((await scene.run(lookup, 'long'))?.['result']);
    expect(long).toMatch(/^x{4000}… The rest is left out\.$/);
    expect((await scene.run(lookup, 'show'))?.['result']).toBe(
      'See here.\nA note.\n(Left out, since it cannot be told: an image, a piece of audio, a link to the list.)',
    );
    expect((await scene.run(lookup, 'structured'))?.['result']).toBe('{"price":12.5}');
    expect((await scene.run(lookup, 'nothing'))?.['result']).toBe('Nothing was answered.');
  });
});

describe('an entry of a server over HTTP', () => {
  test('names every tool that the server lacks or Gemini does not take', async () => {
    const tools = {
      '1st': null,
      missing: null,
      silent_about_itself: null,
      'find-Order': { as: 'find' },
      hang: { as: 'find' },
    };
    const opening = scene.open(server.entry({ tools }));
    await expect(opening).rejects.toMatchObject({ code: 'tools.fileInvalid' });
    await expect(opening).rejects.toThrow('1st has a name that Gemini does not take; give it one with "as".');
    await expect(opening).rejects.toThrow(
      /The MCP server has no tool missing\. It has find-Order, cancel_order, 1st, /,
    );
    await expect(opening).rejects.toThrow('silent_about_itself has no description; give it one with "description".');
    await expect(opening).rejects.toThrow('Two tools would be named find');
  });

  test('warns that nobody answers, and offers the tools when somebody does', async () => {
    await server.stop();
    const lookup = await scene.open(server.entry({ tools: { 'find-Order': null } }));
    expect(lookup).toMatchObject({
      tools: [],
      warnings: [
        'look_up: the MCP server does not answer: fetch failed (ECONNREFUSED). Its tools are offered as soon as it does.',
      ],
    });
    await server.listen();
    const [offered = []] = await until('the server to be there', () => (scene.offers.length > 0 ? scene.offers : null));
    expect(await scene.run({ ...lookup, tools: offered }, 'find_order', { number: 'A1' })).toMatchObject({
      status: 'done',
    });
  });

  test('is refused when its address is not one that may be asked', async () => {
    const opening = scene.open(
      server.entry({ hosts: ['127.0.0.1'], url: 'https://127.0.0.1/mcp', tools: { any: null } }),
    );
    await expect(opening).rejects.toMatchObject({
      code: 'tools.fileInvalid',
      message: expect.stringMatching(/^The MCP server cannot be started or reached: /),
    });
  });
});

describe('a server over HTTP that does not behave', () => {
  test('and hangs in one call is given up there, and answers others', async () => {
    const lookup = await scene.open(server.entry({ tools: { hang: null, 'find-Order': null } }), { timeoutMs: 400 });
    await expect(scene.run(lookup, 'hang')).rejects.toMatchObject({
      code: 'tool.outcomeUnknown',
      message: 'The service did not answer in time.',
    });
    expect(await scene.run(lookup, 'find_order', { number: 'A1' })).toMatchObject({ status: 'done' });
    expect(scene.count('mcpServerLost')).toBe(0);
  });

  test('is not waited for by a caller who has hung up', async () => {
    const lookup = await scene.open(server.entry({ tools: { hang: null } }));
    const abort = new AbortController();
    const asking = scene.run(lookup, 'hang', {}, { signal: abort.signal });
    abort.abort();
    await expect(asking).rejects.toMatchObject({ code: 'tool.outcomeUnknown' });
  });

  test('and changes its tools is taken at its word for what it has lost, and not for what nobody allowed', async () => {
    const lookup = await scene.open(server.entry({ tools: { doomed: { effect: 'read' }, change: null } }));
    expect(await scene.run(lookup, 'doomed')).toMatchObject({ status: 'done' });
    await scene.run(lookup, 'change');
    const gone = await until('the tool to be gone', async () => {
      const answer = await scene.run(lookup, 'doomed');
      return answer?.['status'] === 'failed' && answer['result'] === undefined ? answer : null;
    });
    expect(gone['message']).toMatch(/^The service does not offer this at the moment\. Nothing was done\./);
    expect(lookup.tools.map(({ name }) => name)).toEqual(['doomed', 'change']);
  });

  test('and goes away is missed at once, and comes back with sessions that know nothing', async () => {
    const tools = { 'find-Order': { effect: 'read' }, cancel_order: null };
    const lookup = await scene.open(server.entry({ tools }));
    await server.stop();
    await expect(scene.run(lookup, 'cancel_order', { number: 'A1' })).rejects.toMatchObject({
      code: 'tool.outcomeUnknown',
      message: 'The connection to the service broke off.',
    });
    expect(await scene.run(lookup, 'find_order', { number: 'A1' })).toMatchObject({
      status: 'failed',
      retryable: true,
      message: expect.stringMatching(/^The service cannot be reached\. Nothing was done\./),
    });
    await server.listen();
    await until('the server to be back', () => scene.count('mcpServerBack') === 1);
    expect(await scene.run(lookup, 'find_order', { number: 'A1' })).toMatchObject({ status: 'done' });
  });

  test('and was started anew in between is asked in a new session', async () => {
    const lookup = await scene.open(server.entry({ tools: { 'find-Order': { effect: 'read' } } }));
    await server.forget();
    expect(await scene.run(lookup, 'find_order', { number: 'A1' })).toMatchObject({
      status: 'failed',
      retryable: true,
    });
    await until('the new session', () => scene.count('mcpServerBack') === 1);
    expect(await scene.run(lookup, 'find_order', { number: 'A1' })).toMatchObject({ status: 'done' });
  });

  test('and sends without an end is cut off', async () => {
    const tools = { 'find-Order': { effect: 'read' } };
    const lookup = await scene.open(server.entry({ tools }), { timeoutMs: 500 });
    server.floods = true;
    const [answer] = await Promise.all([scene.run(lookup, 'find_order', { number: 'A1' }), server.nextFlood()]);
    expect(answer).toMatchObject({ status: 'failed' });
    server.floods = false;
    await until('the server to answer again', async () => {
      const again = await scene.run(lookup, 'find_order', { number: 'A1' });
      return again?.['status'] === 'done';
    });
  });
});
