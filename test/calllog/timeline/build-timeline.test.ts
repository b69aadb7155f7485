import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { mulawBytesPerMs } from '../../../src/audio/mulaw.ts';
import { buildTimeline } from '../../../src/calllog/timeline/build-timeline.ts';
import { withLogFile } from '../../../src/calllog/timeline/log-file.ts';
import { recordCall } from '../recorded-call.ts';
import { keptCallsShow, setup, shownOften } from './shown-calls.ts';
import { logInMemory } from './log-in-memory.ts';

const nothing = new Uint8Array();

// `build-timeline.slow.test.ts` shows the others.
keptCallsShow(shownOften);

test('a whole call: who speaks when, waits, tools, streams, and what was cut', async (context) => {
  const { timeline, sound } = withLogFile(await recordCall(context), (log) => buildTimeline(log, setup));
  expect(timeline.captions.map(({ who, text, cut }) => [who, text, cut])).toEqual([
    ['agent', 'Welcome to Butterfield Dental.', false],
    ['caller', 'Hello, this is Marigold Thistlewood, born 1987.', false],
    ['agent', 'You have', true],
  ]);
  expect(timeline.captions.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
    [440, 1043.625],
    [1040, 1540],
    [2360, 3060],
  ]);
  expect(timeline.waits).toEqual([{ fromMs: 1540, toMs: 2360, line: expect.any(Number) }]);
  expect(timeline.bars.map(({ row, title, outcome, fromMs, toMs }) => [row, title, outcome, fromMs, toMs])).toEqual([
    ['model', 'session 1, first', 'good', 0, 3560],
    ['line', 'stream 1', 'failed', 40, 3060],
    ['tool', 'lookup_record', 'good', 1840, 1960],
    ['line', 'stream 2', 'good', 3360, 3560],
  ]);
  expect(timeline.events.filter(({ kind }) => kind === 'interruption').map(({ atMs }) => atMs)).toEqual([3060, 3060]);
  // The last 3.6 ms of the greeting are the filter's.
  expect(timeline.agentMs).toEqual({ heard: 1303.625, cleared: 640 });
  expect(timeline.speech.agent.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
    [440, 1060],
    [2360, 3060],
  ]);
  // What was cleared stands where it would have been heard.
  expect(sound.cleared.findIndex((code) => code !== 0xff)).toBeGreaterThanOrEqual(3060 * mulawBytesPerMs);
  expect(timeline.endReason).toBe('callerHungUp');
});

describe('a damaged log', () => {
  test.for([
    [
      'that is cut off in the middle of a line',
      (text: string) => text.slice(0, -20),
      ['The log is cut off in the middle of its last line.'],
    ],
    [
      'with lines that are no steps',
      (text: string) => text.replaceAll(/\n\{"event":\{"type":"tool\.[^\n]*/g, '\nnonsense'),
      [expect.stringMatching(/^Line \d+: it is not JSON\.$/)],
    ],
    [
      'of another version',
      (text: string) => text.replace('"version":4', '"version":3'),
      ['Line 1: the log is of version 3, and this Parley reads version 4.'],
    ],
    [
      'that a full disk ended',
      (text: string) => `${text.split('\n').slice(0, -8).join('\n')}\n{"cut":"ENOSPC"}\n`,
      ['The log ends before its call: ENOSPC.'],
    ],
    [
      'of a process that was killed',
      (text: string) => `${text.split('\n').slice(0, -8).join('\n')}\n`,
      ['The log ends before its call: that goes on, the process was stopped, or another one took the call over.'],
    ],
  ] as const)('%s is shown as far as it can be read', async ([, damage, missing], context) => {
    const path = await recordCall(context);
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    const { timeline } = withLogFile(path, (log) => buildTimeline(log, setup));
    expect(timeline.missing).toEqual(missing);
    expect(timeline.captions[0]?.text).toBe('Welcome to Butterfield Dental.');
    expect(timeline.durationMs).toBeGreaterThan(3_000);
  });

  test('without its sound, or with a part of it, says so', async (context) => {
    const path = await recordCall(context);
    const audioPath = path.replace('.jsonl', '.audio');
    writeFileSync(audioPath, readFileSync(audioPath).subarray(0, 20_000));
    const short = withLogFile(path, (log) => buildTimeline(log, setup)).timeline;
    expect(short.missing).toEqual(['The audio file is too short: sound is missing.']);
    rmSync(audioPath);
    const none = withLogFile(path, (log) => buildTimeline(log, setup));
    expect(none.timeline.missing).toEqual([
      'There is no audio file beside the log: the call is shown without its sound.',
    ]);
    expect(none.timeline.captions).toHaveLength(3);
    expect(none.sound).toEqual({ caller: nothing, heard: nothing, cleared: nothing });
  });

  test('that is empty, or nothing but noise, gives an empty call', () => {
    const empty = buildTimeline(logInMemory('', nothing), setup).timeline;
    expect(empty).toMatchObject({ durationMs: 0, missing: ['The log is empty.'] });
    const noise = buildTimeline(logInMemory('x\n'.repeat(100), nothing), setup).timeline;
    expect(noise.missing).toHaveLength(4);
    expect(noise.missing[2]).toBe('98 more lines cannot be read.');
  });

  test('whose times and lengths are beyond all measure takes no more memory than a long call', () => {
    const text = [
      step({ type: 'stream.started', streamSid: 'MZ', atMs: 1 }, { type: 'stream.media', audio: { bytes: 1e15 } }),
      step({ type: 'stream.media', sequence: 1, timestampMs: 1e12, audio: { at: 0, bytes: 9e15 }, atMs: 20 }),
      step({ type: 'stream.media', sequence: 2, timestampMs: -1e12, audio: { at: 0, bytes: 160 }, atMs: 40 }),
      step({ type: 'tick', atMs: 1e300 }),
    ];
    const { timeline, sound } = buildTimeline(logInMemory(`\n${text.join('\n')}\n`, new Uint8Array(400)), setup);
    expect(timeline.missing).toContain('What came later than 6 hours is left out.');
    expect(timeline.durationMs).toBeLessThan(400_000);
    expect(sound.caller.length).toBeLessThan(1_000);
  });
});

test('a log of very many things shows what fits, and says that there is more', () => {
  const said = { type: 'transcript.add', speaker: 'caller', text: 'x'.repeat(400), cut: false };
  const saidMuch = { ...said, text: 'x'.repeat(3_000) };
  const lines = Array.from({ length: 21_000 }, (_, atMs) =>
    step({ type: 'stream.dtmf', digit: '5', atMs }, atMs === 0 ? saidMuch : said),
  );
  const log = { lines: ['', ...lines], isWhole: () => true, audio: new Uint8Array() };
  const { timeline } = buildTimeline(log, setup);
  expect(timeline.captions).toHaveLength(20_000);
  expect(timeline.captions[0]?.text).toHaveLength(2_000);
  expect(timeline.missing.slice(-2)).toEqual([
    'There are more events than can be shown.',
    'There are more lines in the log than can be shown.',
  ]);
  expect(Object.values(timeline.logLines).join('').length).toBeLessThanOrEqual(8_000_000);
});

/** A line of a log. */
function step(event: object, ...effects: object[]): string {
  return JSON.stringify({ event, effects });
}
