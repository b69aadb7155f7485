import { describe, expect, test } from 'vitest';
import { usualBargeIn } from '../../src/call/turns/barge-in-rule.ts';
import { readLog } from '../../src/calllog/read-log.ts';
import { callSid, settings } from './recorded-call.ts';

const header = { format: 'parley-call-log', version: 4, callSid, startedAt: '2026-11-20T12:34:40.909Z', settings };

describe('a log that is not sound is refused with the line and what is wrong with it', () => {
  test.for([
    ['line 1: the file is empty.', ''],
    ['line 1: it is not JSON.', 'Not a log\n'],
    ['line 1: this is not the header of a call log.', '{"format":"something-else"}\n'],
    ['line 1: the log is of version 3, and this Parley reads version 4.', lines({ ...header, version: 3 })],
    ['line 1: the header has no "callSid".', lines({ ...header, callSid: undefined })],
    ['line 1: the "startedAt" of the header is not a time.', lines({ ...header, startedAt: 'yesterday' })],
    ['line 1: the "why" of the header is not a text.', lines({ ...header, why: 7 })],
    ['line 1: the "filters" of the header are not a number.', lines({ ...header, filters: 'new' })],
    ['line 1: the "fillerPhrase" of the header is not a text.', lines({ ...header, fillerPhrase: 7 })],
    [
      'line 1: the "settings" of the header are not those of a call.',
      lines({ ...header, settings: { ...settings, destinations: { surgery: '+15557364411' } } }),
    ],
    [
      'line 1: the "settings" of the header are not those of a call.',
      lines({ ...header, settings: { ...settings, fallback: { number: null, voicemail: { prompt: 'Speak.' } } } }),
    ],
    ['line 3: the file is cut off in the middle of this line.', `${log({ type: 'call.received' })}{"event":{"ty`],
    ['line 2: it is not JSON.', `${lines(header)}{"event":\n`],
    ['line 2: its values are nested more than 64 deep.', `${lines(header)}${'['.repeat(70)}${']'.repeat(70)}\n`],
    ['line 2: it wants an "event" and "effects".', lines(header, { event: { type: 'tick', atMs: 1 } })],
    ['line 2: it wants an "event" and "effects".', lines(header, { cut: 'full' }, { cut: 'full' })],
    ['line 2: one of its effects has no type.', lines(header, { event: { type: 'tick', atMs: 1 }, effects: [null] })],
    ['line 2: "stream.sneezed" is no event of this version.', log({ type: 'stream.sneezed' })],
    ['line 2: null is no event of this version.', log({})],
    ['line 2: "toString" is no event of this version.', log({ type: 'toString' })],
    ['line 2: the "atMs" of "tick" is not a number.', log({ type: 'tick', atMs: '12' })],
    [
      'line 2: the "atMs" of "tick" is not a number.',
      `${lines(header)}{"event":{"type":"tick","atMs":1e999},"effects":[]}\n`,
    ],
    [
      'line 2: the "stream" of "connect.ended" is not a number or null.',
      log({ type: 'connect.ended', stream: '2', callOver: false }),
    ],
    [
      'line 2: the "status" of "recording.stored" is not what became of a recording.',
      log({ type: 'recording.stored', status: 'lost', durationMs: 0, recordingSid: 'RE1', url: null }),
    ],
    [
      'line 2: the "callOver" of "connect.ended" is not true or false.',
      log({ type: 'connect.ended', stream: null, callOver: 'no' }),
    ],
    [
      'line 2: the "outcome" of "dial.ended" is not an outcome of a dialled leg.',
      log({ type: 'dial.ended', attempt: null, outcome: 'asleep', callOver: false }),
    ],
    [
      'line 2: the "fault" of "model.openFailed" is not an error code.',
      log({ type: 'model.openFailed', fault: 'bad' }),
    ],
    ['line 2: the "name" of "stream.marked" is not a text.', log({ type: 'stream.marked', name: null })],
    [
      'line 2: the "ids" of "model.toolCancelled" is not a list of texts.',
      log({ type: 'model.toolCancelled', ids: [1] }),
    ],
    [
      'line 2: the "calls" of "model.toolCalled" is not a list of tool calls.',
      log({ type: 'model.toolCalled', calls: [{ id: 'a', name: 'b' }] }),
    ],
    [
      'line 2: the "leave" of "tool.finished" is not an order to leave, or null.',
      log({ type: 'tool.finished', id: 'a', response: {}, silent: false, leave: { kind: 'transfer' } }),
    ],
    ['line 2: the "usage" of "model.usage" is not an object of token counts.', log({ type: 'model.usage', usage: {} })],
    ['line 2: the "pcm" of "model.audio" is not audio.', log({ type: 'model.audio', pcm: 'AAAA' })],
    [
      'line 2: its audio ends at byte 30, and the audio file has 20.',
      log({ type: 'model.audio', pcm: { at: 10, bytes: 20 } }),
    ],
    [
      'line 2: the length of its audio is not a number of bytes.',
      log({ type: 'model.audio', pcm: { at: null, bytes: 1e12 } }),
    ],
    [
      'line 2: the place of its audio is not a number of bytes.',
      log({ type: 'model.audio', pcm: { at: -1, bytes: 2 } }),
    ],
  ] as const)('%s', ([message, text]) => {
    expect(() => readLog(text, new Uint8Array(20))).toThrow(expect.objectContaining({ code: 'log.invalid', message }));
  });
});

test('the audio of a step is put back, and what was dropped is silence of the same length', () => {
  const audio = Uint8Array.of(1, 2, 3, 4);
  const media = { type: 'stream.media', sequence: 1, timestampMs: 0 };
  const text = lines(
    header,
    { event: { ...media, audio: { at: 1, bytes: 2 }, atMs: 1 }, effects: [] },
    { event: { ...media, audio: { at: null, bytes: 2 }, atMs: 2 }, effects: [] },
    { event: { type: 'model.audio', pcm: { at: null, bytes: 3 }, atMs: 3 }, effects: [] },
  );
  const { steps, audioIsMissing } = readLog(text, audio);
  expect(audioIsMissing).toBe(true);
  expect(steps.map(({ event }) => event)).toEqual([
    { ...media, audio: Uint8Array.of(2, 3), atMs: 1 },
    { ...media, audio: Uint8Array.of(255, 255), atMs: 2 },
    { type: 'model.audio', pcm: Uint8Array.of(0, 0, 0), atMs: 3 },
  ]);
});

// A line of a hundred characters may say that 16 MB were dropped. A log of a megabyte took all the memory of the machine.
test('dropped audio takes no memory for each step that lacks it', () => {
  const steps = Array.from({ length: 200 }, (_, index) => {
    const audio = { at: null, bytes: 16 * 1024 * 1024 - 200 + index };
    return { event: { type: 'stream.media', sequence: 1, timestampMs: 0, audio, atMs: 1 }, effects: [] };
  });
  const read = readLog(lines(header, ...steps), new Uint8Array()).steps;
  const buffers = new Set(read.map(({ event }) => (event.type === 'stream.media' ? event.audio.buffer : null)));
  expect(read).toHaveLength(200);
  expect([...buffers].reduce((sum, buffer) => sum + (buffer?.byteLength ?? 0), 0)).toBeLessThan(64 * 1024 * 1024);
});

test('a log that ends before its call says why', () => {
  const { cut, steps } = readLog(log({ type: 'call.received' }, { cut: 'the disk is too slow' }), new Uint8Array());
  expect([cut, steps.length]).toEqual(['the disk is too slow', 1]);
});

test('a call that is taken over brings the notes of an operator along, and they are texts', () => {
  const memory = {
    handle: null,
    callee: 'ringing',
    instruction: { kind: 'stream', number: 1 },
    streamNumber: 1,
    elapsedMs: 5,
  };
  const restored = (text: unknown): string =>
    log({ type: 'call.restored', memory: { ...memory, items: [{ kind: 'noted', atMs: -5, text }] } });
  expect(readLog(restored('He is a regular.'), new Uint8Array()).steps).toHaveLength(1);
  expect(() => readLog(restored(7), new Uint8Array())).toThrow('is not what is left of a call');
});

test('a log of a version that knew nothing of the terms of tools and of when an answer is spoken is read', () => {
  const { tools: _, ...older } = settings;
  const done = { type: 'tool.finished', id: 'a', response: {}, leave: null, atMs: 1 };
  const steps = [true, false].map((silent) => ({ event: { ...done, silent }, effects: [] }));
  const { header: read, steps: events } = readLog(lines({ ...header, settings: older }, ...steps), new Uint8Array());
  expect(read.settings.tools).toEqual({});
  expect(events.map(({ event }) => event)).toEqual([
    { ...done, scheduling: 'silent' },
    { ...done, scheduling: 'whenIdle' },
  ]);
});

test('a rule of barge-in that knew fewer parameters keeps its own, and has the usual ones beside them', () => {
  const { movementMin: _, ...older } = { ...usualBargeIn, yieldMs: 260 };
  const read = readLog(lines({ ...header, settings: { ...settings, bargeIn: older } }), new Uint8Array());
  expect(read.header.settings.bargeIn).toEqual({ ...usualBargeIn, yieldMs: 260 });
});

function log(event: object, ...rest: readonly object[]): string {
  return lines(header, { event: { atMs: 1, ...event }, effects: [] }, ...rest);
}

function lines(...values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
