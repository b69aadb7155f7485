import { expect, test } from 'vitest';
import { callReport } from '../../../src/sim/carrier/call-report.ts';
import type { StreamReport } from '../../../src/sim/carrier/stream/media-stream.ts';

const ended = { atMs: 90, kind: 'call.ended', reason: 'callerHungUp', status: 'completed' } as const;

test('the sound of a call with one stream is there once', () => {
  const stream = aStream(10, 1);
  const { heard, said } = callReport('CA1', [ended], [stream], []);
  expect(heard).toBe(stream.heard);
  expect(said).toBe(stream.said);
});

test('the sounds of several streams stand on one time axis, with silence between them', () => {
  const { heard, said } = callReport('CA1', [ended], [aStream(10, 1), aStream(12, 2)], []);
  expect([...heard]).toEqual([
    ...Array.from({ length: 8 }, () => 1),
    ...Array.from({ length: 8 }, () => 0xff),
    ...Array.from({ length: 8 }, () => 2),
  ]);
  expect(said).toEqual(heard);
});

test('a call without a stream has no sound', () => {
  expect(callReport('CA1', [ended], [], [])).toMatchObject({ heard: new Uint8Array(), said: new Uint8Array() });
});

/** A stream of one millisecond. */
function aStream(startedAtMs: number, code: number): StreamReport {
  const audio = new Uint8Array(8).fill(code);
  const received = { media: 0, mark: 0, clear: 0, ignored: 0 };
  return {
    streamSid: 'MZ1',
    startedAtMs,
    endedAtMs: startedAtMs + 1,
    heard: audio,
    said: audio,
    discardedBytes: 0,
    framesSent: 0,
    received,
  };
}
