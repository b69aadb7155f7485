import { once } from 'node:events';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import type { ConsolePart } from '../../../src/console/door/console-part.ts';
import { type EventStream, sendEvents } from '../../../src/console/door/event-stream.ts';
import { until } from '../../until.ts';
import { logIn, openDoor } from './door-scene.ts';

/** A part whose streams a test has in its hands. */
function streaming() {
  const streams: EventStream[] = [];
  const closed: EventStream[] = [];
  const part: ConsolePart = {
    routes: (router) => {
      router.get('/api/events', (_req, res) => {
        const stream = sendEvents(res);
        stream.onClose(() => closed.push(stream));
        streams.push(stream);
      });
    },
  };
  return { part, streams, closed };
}

async function listen(port: number, headers: Readonly<Record<string, string>>) {
  const sent = request({ port, host: '127.0.0.1', path: '/api/events', agent: false, headers });
  sent.on('error', () => {});
  sent.end();
  const [response] = await once(sent, 'response');
  return { response, sent };
}

test('events come as they are sent, and end with the session', async (context) => {
  const { part, streams, closed } = streaming();
  const { asks, port } = await openDoor(context, [part]);
  const headers = await logIn(port);
  const { response } = await listen(port, headers);
  let said = '';
  response.on('data', (data: Buffer) => (said += data.toString()));
  streams[0]?.send('call', { words: 'one\n\ndata: two' });
  await until('the event', () => said.includes('\n\nevent: call\ndata: {"words":"one\\n\\ndata: two"}\n\n'));
  expect(response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });
  const ended = once(response, 'end');
  await asks('/logout', { method: 'POST', headers });
  await ended;
  expect(closed).toEqual(streams);
  expect(streams[0]?.isOpen).toBe(false);
});

test('a viewer who does not read is cut, and what is sent afterwards goes nowhere', async (context) => {
  const { part, streams, closed } = streaming();
  const { port } = await openDoor(context, [part]);
  const { sent } = await listen(port, await logIn(port));
  context.onTestFinished(() => void sent.destroy());
  const [stream] = streams;
  const words = 'x'.repeat(64 * 1024);
  let times = 0;
  // What the network itself holds comes on top of the bound.
  await until('the viewer is cut', () => {
    for (let more = 0; more < 20; more += 1) stream?.send('call', words);
    times += 20;
    return closed.length === 1;
  });
  expect(times * words.length).toBeLessThan(64 * 1024 * 1024);
  stream?.send('call', words);
  expect(stream?.isOpen).toBe(false);
});
