import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { frameText } from '../../src/encoding/frame-text.ts';
import { Identity } from '../../src/twilio/edge/identity.ts';
import { ServiceScene } from '../e2e/service-scene.ts';
import { VirtualClock } from '../../src/sim/driver/virtual-clock.ts';
import { passTime } from '../virtual-time.ts';

const nonce = 'n'.repeat(32);

test('a process answers a nonce alike over HTTP and over WebSocket, and no other process does', async (context) => {
  const [one, other] = [await ServiceScene.open(context), await ServiceScene.open(context)];
  const answer = await overHttp(one.url, nonce);
  expect(answer).toMatchObject({ status: 200, text: expect.stringMatching(/^[\w-]{43}$/) });
  expect(await overSocket(one.url, nonce)).toBe(answer.text);
  expect((await overHttp(other.url, nonce)).text).not.toBe(answer.text);
  expect((await overHttp(one.url, 'm'.repeat(32))).text).not.toBe(answer.text);
});

test('a stranger finds nothing there', async (context) => {
  const { url } = await ServiceScene.open(context);
  for (const given of ['', 'short', 'x'.repeat(65), `${nonce}&nonce=${nonce}`])
    expect(await overHttp(url, given)).toEqual(await overHttp(url, given, '/nowhere'));
});

test('a socket without a nonce is refused', async (context) => {
  const { url } = await ServiceScene.open(context);
  await expect(overSocket(url, 'short')).rejects.toThrow('404');
});

test('who asks again and again is answered twenty times, and then once a second', () => {
  const clock = new VirtualClock(0);
  const identity = new Identity('secret', clock);
  const admitted = (): number => Array.from({ length: 100 }, () => identity.admits(nonce)).filter(Boolean).length;
  expect(admitted()).toBe(20);
  passTime(clock, 3000);
  expect(admitted()).toBe(3);
});

async function overHttp(url: string, given: string, path = '/identity'): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}${path}?nonce=${given}`);
  return { status: response.status, text: await response.text() };
}

async function overSocket(url: string, given: string): Promise<string> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/identity?nonce=${given}`);
  const [data] = await once(socket, 'message');
  await once(socket, 'close');
  return frameText(data);
}
