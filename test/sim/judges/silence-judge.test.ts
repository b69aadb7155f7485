import { expect, test } from 'vitest';
import { CallTimeline, type CallTimelineEntry } from '../../../src/sim/judges/call-timeline.ts';
import {
  soundFrameMs,
  type Heard,
  listen,
  markedComfortSounds,
  type HeardStream,
} from '../../../src/sim/judges/heard-stream.ts';
import { judgeSilences } from '../../../src/sim/judges/silence-judge.ts';

/** Five seconds in which the comfort sounds come when they are due. */
const covered: [Heard, number][] = [
  ['nothing', 1400],
  ['tone', 800],
  ['nothing', 1600],
  ['phrase', 1200],
];

const rules = { slackMs: 100, lineDeadFromMs: Infinity, lineLoses: false };

test.for<[string, [Heard, number][], CallTimelineEntry[], string[]]>([
  [
    'greeted in time',
    [
      ['nothing', 1500],
      ['words', 500],
      ['nothing', 20_000],
    ],
    [],
    [],
  ],
  [
    'greeted late',
    [
      ['nothing', 1700],
      ['words', 500],
    ],
    [],
    ['no first sound in 1500 ms, from 1.00 s on'],
  ],
  [
    'given a tone and no words',
    [
      ['nothing', 1400],
      ['tone', 800],
      ['nothing', 2000],
    ],
    [],
    ['no first words in 4000 ms, from 1.00 s on'],
  ],
  [
    'given a tone for seven seconds',
    [
      ['nothing', 1400],
      ['tone', 7000],
    ],
    [entry('step', 5000)],
    ['no first words in 4000 ms, from 1.00 s on', 'nothing but the tone in 6000 ms, from 2.40 s on'],
  ],
  [
    'given a tone, the line and then nothing',
    [
      ['nothing', 1400],
      ['tone', 800],
      ['nothing', 1400],
      ['phrase', 1000],
      ['nothing', 4200],
    ],
    [entry('step', 5000)],
    ['no sound in 4000 ms, from 5.58 s on'],
  ],
  [
    'left with a reply that breaks off',
    [
      ['words', 2000],
      ['nothing', 1700],
    ],
    [entry('replyGoesOn', 1100)],
    ['no first sound in 1500 ms, from 3.00 s on'],
  ],
  [
    'left with a reply that is over',
    [
      ['words', 2000],
      ['nothing', 9000],
    ],
    [entry('replyGoesOn', 1100), entry('replyOver', 1500)],
    [],
  ],
  [
    'left with a reply that the service interrupts by itself',
    [
      ['words', 2000],
      ['nothing', 1700],
    ],
    [entry('replyGoesOn', 1100), entry('interrupted', 2900)],
    ['no first sound in 1500 ms, from 3.00 s on'],
  ],
  ['left by a model that chose to be silent', [['nothing', 9000]], [entry('mayBeSilent', 1100)], []],
  [
    'told to wait without a step being taken',
    [...covered, ...covered, ['phrase', 1000]],
    [],
    ['no step in 8000 ms, from 1.00 s on'],
  ],
  ['told to wait while steps are taken', [...covered, ...covered, ['phrase', 1000]], [entry('step', 5000)], []],
  [
    'promised a goodbye that does not come',
    [
      ['words', 1000],
      ['nothing', 3300],
    ],
    [entry('leaving', 2000)],
    ['no goodbye in 3000 ms, from 2.00 s on'],
  ],
])('a caller who is %s', ([, heard, entries, broken]) => {
  expect(judge([stream(1000, heard)], entries)).toEqual(broken);
});

test('a caller who has spoken is owed an answer 600 ms after the last sound, and none while speaking', () => {
  const said = stream(
    1000,
    [
      ['words', 500],
      ['nothing', 4900],
    ],
    2000,
    4000,
  );
  expect(judge([said], [])).toEqual(['no first sound in 1500 ms, from 4.60 s on']);
});

test('what was owed when a stream broke is owed from the start of the next one', () => {
  const streams = [stream(1000, [['nothing', 1400]]), stream(3000, [['nothing', 1700]])];
  expect(judge(streams, [])).toEqual(['no first sound in 1500 ms, from 3.00 s on']);
});

test('a caller without a line for long is owed a word on the next one, although nobody had to speak, and whatever the line has lost', () => {
  const heardOut = stream(1000, [
    ['words', 500],
    ['nothing', 1000],
  ]);
  const after = (ms: number): HeardStream => stream(heardOut.toMs + ms, [['nothing', 1700]]);
  const over = timelineOf([entry('replyOver', 1500)]);
  const lossy = { ...rules, lineLoses: true };
  expect(judgeSilences([heardOut, after(2500)], over, lossy)).toEqual([]);
  const owed = ['no first sound in 1500 ms, from 6.50 s on'];
  expect(judgeSilences([heardOut, after(4000)], over, lossy)).toEqual(owed);
  const asked = timelineOf([entry('replyOver', 1500), entry('prompted', 8150)]);
  expect(judgeSilences([heardOut, after(4000)], asked, lossy)).toEqual(owed);
});

test('on a dead line nobody is blamed for the silence, and on the next one everything is owed again', () => {
  const streams = [stream(1000, [['nothing', 9000]]), stream(11_000, [['nothing', 1700]])];
  expect(judge(streams, [], 1500)).toEqual(['no first sound in 1500 ms, from 11.00 s on']);
});

test('a question that the line swallowed is owed nothing until the caller is asked, and from then on a question', () => {
  const asks = stream(
    1000,
    [
      ['words', 500],
      ['nothing', 21_200],
    ],
    2000,
    4000,
  );
  const asked = [entry('replyOver', 1500), entry('prompted', 20_000)];
  const lossy = { ...rules, lineLoses: true };
  expect(judgeSilences([asks], timelineOf(asked), lossy)).toEqual(['no first sound in 1500 ms, from 20.00 s on']);
  expect(judgeSilences([asks], timelineOf(asked), rules)).toContain('no first sound in 1500 ms, from 4.60 s on');
});

test('the stream tells comfort sounds from words by their bytes', () => {
  const { tone, phrase } = markedComfortSounds({ tone: new Uint8Array(160), phrase: new Uint8Array(160) });
  const voice = new Uint8Array(160).fill(0x90);
  const heard = Uint8Array.of(...tone, ...phrase, ...voice, ...new Uint8Array(160).fill(0xff));
  const listened = listen({
    streamSid: 'MZ0',
    startedAtMs: 500,
    endedAtMs: 580,
    heard,
    said: Uint8Array.of(...voice, ...tone),
    discardedBytes: 0,
    framesSent: 0,
    received: { media: 0, mark: 0, clear: 0, ignored: 0 },
  });
  expect(listened.heard).toEqual(['tone', 'phrase', 'words', 'nothing']);
  expect(listened.speaks).toEqual([true, false, false, false]);
});

function judge(
  streams: readonly HeardStream[],
  entries: readonly CallTimelineEntry[],
  lineDeadFromMs = Infinity,
): string[] {
  return judgeSilences(streams, timelineOf(entries), { ...rules, lineDeadFromMs });
}

function timelineOf(entries: readonly CallTimelineEntry[]): CallTimeline {
  const timeline = new CallTimeline();
  timeline.entries.push(...entries);
  return timeline;
}

function entry(kind: CallTimelineEntry['kind'], atMs: number): CallTimelineEntry {
  return { kind, atMs, about: '' };
}

/** A stream in which the caller speaks from one moment of the world to another. */
function stream(
  fromMs: number,
  sounds: readonly (readonly [Heard, number])[],
  speaksFromMs = 0,
  speaksToMs = 0,
): HeardStream {
  const heard = sounds.flatMap(([sound, ms]) => Array.from({ length: ms / soundFrameMs }, () => sound));
  const speaks = heard.map((_, index) => {
    const atMs = fromMs + index * soundFrameMs;
    return atMs >= speaksFromMs && atMs < speaksToMs;
  });
  return { fromMs, toMs: fromMs + heard.length * soundFrameMs, heard, speaks };
}
