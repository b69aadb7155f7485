import { createHmac } from 'node:crypto';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { ContextReply } from '../../../src/host/incoming/context-desk.ts';
import { contextWebhook } from '../../../src/service/context/context-webhook.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { listenOnAnyPort } from '../../any-port.ts';
import { startContextServer } from './context-server.ts';

const question = { callSid: 'CA1', from: '+15550177', to: null, agent: 'desk' };

function ask(url: string, secret: string | null = null, signal = new AbortController().signal): Promise<ContextReply> {
  return new Promise((resolve) => contextWebhook({ url, secret }, systemClock)(question, signal, resolve));
}

describe('the question about a call', () => {
  test('is a POST of JSON, signed over its time and its body', async (context) => {
    const server = await startContextServer(context, (response) => response.end('{"customer":"Ann"}'));
    expect(await ask(server.url, 'hush')).toEqual({ text: '{"customer":"Ann"}' });
    const [asked] = server.asked;
    expect(JSON.parse(asked?.body ?? '')).toEqual(question);
    expect(asked?.headers['content-type']).toBe('application/json');
    const [, seconds, proof] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(asked?.headers['x-parley-signature'])) ?? [];
    expect(proof).toBe(createHmac('sha256', 'hush').update(`${seconds}.${asked?.body}`).digest('hex'));
    expect(Math.abs(Date.now() / 1000 - Number(seconds))).toBeLessThan(120);
  });

  test('is not signed without a secret', async (context) => {
    const server = await startContextServer(context, (response) => response.end('{}'));
    await ask(server.url);
    expect(server.asked[0]?.headers['x-parley-signature']).toBeUndefined();
  });

  test('takes the connection of one before', async (context) => {
    const server = await startContextServer(context, (response) => response.end('{}'));
    for (let calls = 0; calls < 6; calls += 1) await ask(server.url);
    const ports = server.asked.map(({ askerPort }) => askerPort);
    expect(ports).toHaveLength(6);
    // The first is free again a moment after its answer was read.
    expect(new Set(ports).size).toBeLessThanOrEqual(2);
  });
});

describe('an answer that cannot be used', () => {
  test('is one with an error', async (context) => {
    const server = await startContextServer(context, (response) => response.writeHead(500).end('Traceback: secret'));
    expect(await ask(server.url)).toEqual({ failed: 'It answered with status 500.' });
  });

  test('is one that redirects, and nobody goes there', async (context) => {
    const there = await startContextServer(context, (response) => response.end('{"customer":"Mallory"}'));
    const server = await startContextServer(context, (response) =>
      response.writeHead(307, { location: there.url }).end(),
    );
    expect(await ask(server.url)).toEqual({ failed: 'It redirects, which is not followed.' });
    expect(there.asked).toEqual([]);
  });

  test('is one that is too long, of which no more is read', async (context) => {
    const server = await startContextServer(context, (response) => {
      response.on('error', () => {});
      const flood = (): void => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
        if (!response.destroyed) response.once('drain', flood);
      };
      flood();
    });
    expect(await ask(server.url)).toEqual({ failed: 'The answer is longer than 65536 bytes.' });
  });

  test('is none at all, and the address is told to nobody', async () => {
    const server = createServer();
    const port = await listenOnAnyPort(server);
    server.close();
    await once(server, 'close');
    const reply = await ask(`http://127.0.0.1:${port}/about?key=url-secret`);
    expect(reply).toEqual({ failed: 'It could not be reached (ECONNREFUSED).' });
  });

  test('is one for which nobody waits any more', async (context) => {
    const abort = new AbortController();
    const server = await startContextServer(context, () => abort.abort());
    const reply = await ask(server.url, null, abort.signal);
    expect('failed' in reply ? reply.failed : '').toMatch(/^It could not be reached \(/);
  });
});
