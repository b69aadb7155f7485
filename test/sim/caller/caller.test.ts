import alawmulaw from 'alawmulaw';
import { expect, test } from 'vitest';
import { createMulawCodec } from '../../../src/audio/mulaw.ts';
import type { SpokenFrame, Voice } from '../../../src/sim/caller/handset.ts';
import { Caller } from '../../../src/sim/caller/caller.ts';
import type { CallerScriptInput } from '../../../src/sim/caller/caller-script.ts';
import { parseCallerScript } from '../../../src/sim/caller/caller-script.ts';
import { seededRandom } from '../../../src/sim/seeded-random.ts';

const { mulaw } = alawmulaw;
const codec = createMulawCodec(mulaw.encodeSample, mulaw.decodeSample);
const clips = new Map([['hello', Uint8Array.from({ length: 400 }, (_, byte) => byte % 200)]]);

test('a clip is played byte by byte, and its last frame is filled with silence', () => {
  const frames = run({ steps: [{ say: 'hello' }, { hangUp: true }] }, 4);

  const audio = frames.flatMap((frame) => [...(frame.audio ?? [])]);
  expect(audio.slice(0, 400)).toEqual([...(clips.get('hello') ?? [])]);
  expect(audio.slice(400).every((code) => code === 0xff)).toBe(true);
  expect(frames.map(({ hangsUp }) => hangsUp)).toEqual([false, false, false, true]);
});

test('a pause and a mute last their time, and only the mute sends nothing', () => {
  const frames = run({ steps: [{ pauseMs: 60 }, { muteMs: 40 }] }, 8);

  expect(frames.map(({ audio }) => audio?.[0] ?? null)).toEqual([0xff, 0xff, 0xff, null, null, 0xff, 0xff, 0xff]);
});

test('keys are pressed every 200 ms', () => {
  const frames = run({ steps: [{ dtmf: '4#' }, { hangUp: true }] }, 30);

  expect(frames.flatMap(({ digit }, index) => (digit === null ? [] : [[index, digit]]))).toEqual([
    [0, '4'],
    [10, '#'],
  ]);
  expect(frames.findIndex(({ hangsUp }) => hangsUp)).toBe(20);
});

test('waiting is over once the agent has spoken for long enough on end', () => {
  const speaking = [false, true, true, false, true, true, true, true];
  const frames = run({ steps: [{ waitFor: 'agentSpeaking', ms: 60 }, { hangUp: true }] }, 8, (frame) =>
    speaking[frame] === true ? 'agent' : null,
  );

  expect(frames.findIndex(({ hangsUp }) => hangsUp)).toBe(6);
});

test('waiting for quiet right after waiting for speech does not count the same frame', () => {
  const script = {
    steps: [{ waitFor: 'agentSpeaking' }, { waitFor: 'agentQuiet', ms: 40 }, { hangUp: true }],
  } as const;
  const frames = run(script, 10, (frame) => (frame === 2 || frame === 3 ? 'agent' : null));

  expect(frames.findIndex(({ hangsUp }) => hangsUp)).toBe(5);
});

test('what the phone network says is no agent, and no quiet either', () => {
  const heard = run({ steps: [{ waitFor: 'agentSpeaking', withinMs: 160 }, { hangUp: true }] }, 12, welcomed);
  expect(heard.map(({ gaveUpStep }) => gaveUpStep).indexOf(0)).toBe(8);
  const quiet = run({ steps: [{ waitFor: 'agentQuiet' }, { hangUp: true }] }, 12, welcomed);
  expect(quiet.findIndex(({ hangsUp }) => hangsUp)).toBe(4);
});

test('waiting is given up in the end, and the script goes on', () => {
  const frames = run({ steps: [{ waitFor: 'agentSpeaking', withinMs: 100 }, { hangUp: true }] }, 8);

  expect(frames.map(({ gaveUpStep }) => gaveUpStep).indexOf(0)).toBe(5);
  expect(frames[5]?.hangsUp).toBe(true);
});

test('the caller stays on the line after the last step and hangs up once only', () => {
  const frames = run({ steps: [{ hangUp: true }] }, 5);
  expect(frames.map(({ hangsUp }) => hangsUp)).toEqual([true, false, false, false, false]);
});

test('a tone has its frequency and its level, without a jump between frames', () => {
  const frames = run({ steps: [{ tone: { hz: 1000, ms: 200, levelDbfs: -20 } }] }, 10);

  const samples = samplesOf(frames);
  const expected = samples.map((_, index) => 0.1 * Math.SQRT2 * Math.sin((2 * Math.PI * 1000 * index) / 8000));
  const errors = samples.map((sample, index) => Math.abs(sample - (expected[index] ?? 0)));
  expect(Math.max(...errors)).toBeLessThan(0.005);
});

test('noise has its level, lies under speech too, and follows from the seed', () => {
  const script = { steps: [{ pauseMs: 2000 }], noiseDbfs: -40 };
  const [first, again, other] = [7, 7, 8].map((seed) => samplesOf(run(script, 100, () => null, seed)));

  const squares = (first ?? []).map((sample) => sample * sample);
  const rms = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
  expect(20 * Math.log10(rms)).toBeCloseTo(-40, 0);
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  const [spoken] = run({ ...script, steps: [{ say: 'hello' }] }, 1);
  expect(spoken?.audio).not.toEqual(clips.get('hello')?.subarray(0, 160));
});

function run(
  script: CallerScriptInput,
  frames: number,
  voice: (frame: number) => Voice | null = () => null,
  seed = 1,
): SpokenFrame[] {
  const caller = new Caller({
    script: parseCallerScript(script, clips.keys()),
    clips,
    codec,
    nextRandom: seededRandom(seed),
  });
  return Array.from({ length: frames }, (_, frame) => caller.nextFrame(voice(frame)));
}

/** The phone network speaks for four frames. */
function welcomed(frame: number): Voice | null {
  return frame < 4 ? 'network' : null;
}

/** Full scale is 1. */
function samplesOf(frames: readonly SpokenFrame[]): number[] {
  return frames.flatMap(({ audio }) => Array.from(audio ?? [], (code) => (codec.decode[code] ?? 0) / 32_768));
}
