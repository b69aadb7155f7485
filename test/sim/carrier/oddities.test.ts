import { expect, test } from 'vitest';
import { CallBench } from './call-bench.ts';

test('a stream may name another version and send an event that nobody knows, which takes a number', () => {
  const bench = new CallBench({ oddities: { version: '0.2.0', unknownEvent: true } });
  bench.stream();
  bench.runUntil(300);
  expect(
    bench
      .frames()
      .slice(0, 4)
      .map(({ message }) => message),
  ).toMatchObject([
    { event: 'connected', version: '0.2.0' },
    { event: 'start', sequenceNumber: '1' },
    { event: 'weather', sequenceNumber: '2' },
    { event: 'media', sequenceNumber: '3', media: { chunk: '1' } },
  ]);
});

test('a stream may tell its format in texts', () => {
  const bench = new CallBench({ oddities: { formatAsText: true } });
  bench.stream();
  expect(bench.frames('start')[0]?.message).toMatchObject({
    start: { mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: '8000', channels: '1' } },
  });
});

test('payloads of odd sizes hold the same audio', () => {
  const clips = new Map([['ramp', Uint8Array.from({ length: 1600 }, (_, index) => index & 0x7f)]]);
  const script = { steps: [{ pauseMs: 200 }, { say: 'ramp' }] } as const;
  const audioOf = (payloadBytes?: readonly number[]): { sizes: Set<number>; audio: Buffer } => {
    const bench = new CallBench({ script, clips, oddities: payloadBytes === undefined ? {} : { payloadBytes } });
    bench.stream();
    bench.runUntil(1000);
    const payloads = bench.frames('media').map(({ message }) => Buffer.from(message.media?.payload ?? '', 'base64'));
    return { sizes: new Set(payloads.map(({ length }) => length)), audio: Buffer.concat(payloads) };
  };
  const usual = audioOf();
  const odd = audioOf([93, 400, 7]);
  expect(usual.sizes).toEqual(new Set([160]));
  expect(odd.sizes).toEqual(new Set([93, 400, 7]));
  expect(usual.audio.subarray(0, odd.audio.length).equals(odd.audio)).toBe(true);
  expect(odd.audio.length).toBeGreaterThan(usual.audio.length - 400);
});

test('audio that begins like a file is noted', () => {
  const bench = new CallBench();
  const streamSid = bench.stream();
  for (const payload of ['UklGRiQAAABXQVZF', '/////w==']) {
    bench.receive(streamSid, { event: 'media', media: { payload } });
  }
  expect(bench.notes('stream.headerPlayed')).toEqual([{ atMs: 0, kind: 'stream.headerPlayed', streamSid }]);
});

test('a half-open stream is over for Twilio, which asks the action, while the socket is neither closed nor cut', () => {
  const bench = new CallBench();
  bench.answer(
    '<Connect action="/after"><Stream url="wss://parley.example/m" statusCallback="https://parley.example/s"/></Connect>',
  );
  const streamSid = bench.openSocket();
  bench.runUntil(500);
  bench.take({ type: 'network.stalled' });
  expect(bench.all('socket.abandon')).toEqual([{ type: 'socket.abandon', streamSid }]);
  expect([...bench.all('socket.close'), ...bench.all('socket.drop'), ...bench.frames('stop')]).toEqual([]);
  expect(bench.problems).toEqual([31924]);
  expect(bench.requests.slice(-2)).toMatchObject([
    { url: 'https://parley.example/s', fields: { StreamEvent: 'stream-error' } },
    { url: 'https://parley.example/after' },
  ]);
});
