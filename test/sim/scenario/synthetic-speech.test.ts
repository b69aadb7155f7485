import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readRecordings } from '../../../dev/voice/material/voices.ts';
import { readWords } from '../../../dev/voice/material/words.ts';
import { meanSquare } from '../../../src/audio/level.ts';
import { FrameFeatures } from '../../../src/audio/voice/frame-features.ts';
import { VoiceDetector } from '../../../src/audio/voice/voice-detector.ts';
import { syntheticSpeech } from '../../../src/sim/scenario/synthetic-speech.ts';
import { levelAudioPath } from '../../../src/sim/world/level-audio-path.ts';
import { shippedComfortSounds } from '../../../src/sounds/comfort-sounds.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { standardAudioPath } from '../../../src/sounds/standard-audio-path.ts';

const frameBytes = 160;
const nothing = new Uint8Array(0);
const silence = new Uint8Array(frameBytes).fill(0xff);
/** A line that is not quite silent: about -70 dBFS. */
const hiss = Uint8Array.from(silence, (_, at) => [0xfe, 0x7d, 0xff, 0x7e, 0xfd][at % 5] ?? 0);

const { caller, agent } = syntheticSpeech(mulawCodec);
const agentPaths = { levels: levelAudioPath(mulawCodec, shippedComfortSounds), filters: standardAudioPath };
const heard = Object.entries(agentPaths).flatMap(([path, audioPath]) =>
  [...agent].map(([name, { pcm }]): [string, Uint8Array] => [
    `${name} of the agent by ${path}`,
    audioPath.agentDownsampler().push(pcm),
  ]),
);

const lines = [
  ['silence', silence],
  ['a hiss', hiss],
] as const;

/** Those that are no voice, or are heard late. */
const roughNames = new Set(['cough', 'croak']);

describe.for([...[...caller].filter(([name]) => !roughNames.has(name)), ...heard])('%s', ([, sound]) => {
  test.for(lines)('is heard as a voice within 120 ms in %s, and its end soon after it', ([, line]) => {
    const told = newsOf(sound, line);
    expect(told.map(({ news }) => news)).toEqual(['onset', 'offset']);
    const [onset, offset] = told.map(({ atMs }) => atMs);
    expect(onset).toBeLessThanOrEqual(120);
    expect(offset).toBeGreaterThanOrEqual(sound.length / 8 + 200);
    expect(offset).toBeLessThan(sound.length / 8 + 450);
  });

  test('is as loud as speech on the telephone', () => {
    expect(Math.abs(levelDbfs(sound) + 20)).toBeLessThan(1);
  });
});

test.for(lines)('a cough as loud is no voice in %s', ([, line]) => {
  const cough = caller.get('cough') ?? nothing;
  expect(Math.abs(levelDbfs(cough) + 20)).toBeLessThan(1);
  expect(newsOf(cough, line)).toEqual([]);
});

test.for(lines)('a croak is a voice in %s, and is heard as one when it has gone on for a while', ([, line]) => {
  const told = newsOf(caller.get('croak') ?? nothing, line);
  expect(told.map(({ news }) => news)).toEqual(['onset', 'offset']);
  expect(told[0]?.atMs).toBeLessThanOrEqual(400);
});

test.each([
  ...['yes', 'sentence', 'interrupting', 'story', 'mmHm'].map((name) => caller.get(name)),
  ...heard.map(([, sound]) => sound),
])('a voice that goes on is speech in each of its frames (%#)', (sound = nothing) => {
  expect(sound.length).toBeGreaterThan(0);
  for (const frame of frames(sound)) expect(levelDbfs(frame)).toBeGreaterThan(-35);
});

test.each(['mmHm', 'yes', 'sentence'] as const)('%s is heard on time again and again', (name) => {
  const sound = caller.get(name) ?? nothing;
  const pauses = Buffer.concat(Array.from({ length: 40 }, () => silence));
  const said = Buffer.concat(Array.from({ length: 20 }, () => [sound, pauses]).flat());
  const onsets = newsOf(said, silence).flatMap(({ news, atMs }) => (news === 'onset' ? [atMs] : []));
  expect(onsets.length).toBe(20);
  for (const [index, atMs] of onsets.entries())
    expect(atMs - index * (sound.length / 8 + 800)).toBeLessThanOrEqual(120);
});

test('the lengths are those that were asked for', () => {
  const some = syntheticSpeech(mulawCodec, { callerMs: { short: 20, long: 5000 }, agentMs: { odd: 330 } });
  expect([...some.caller].map(([name, { length }]) => [name, length])).toEqual([
    ['short', 160],
    ['long', 40_000],
  ]);
  expect(some.agent.get('odd')?.pcm.length).toBe(330 * 48);
});

test('a hum has nothing of the high sounds in words, and a cough no pitch', () => {
  for (const hum of ['mmHm', 'hmm']) expect(featuresOf(hum).tilt).toBeGreaterThan(0.96);
  for (const word of ['sentence', 'yeah', 'uhHuh', 'stop', 'wait']) expect(featuresOf(word).tilt).toBeLessThan(0.9);
  for (const voiced of ['sentence', 'yeah', 'mmHm']) expect(featuresOf(voiced).periodicity).toBeGreaterThan(0.8);
  expect(featuresOf('cough').periodicity).toBeLessThan(0.35);
});

// A voice that moved its spectrum less than any recorded one was taken for a hum or for music, and not yielded to.
describe('the spectrum moves as in nine of ten recordings', () => {
  const sentences = (['tuned', 'held-out'] as const).flatMap(readRecordings);
  const stops = (['tuned', 'held-out'] as const).flatMap((half) => readWords(half, 'stop'));

  test.for([
    ['sentence', 160, sentences],
    ['sentence', 220, sentences],
    ['sentence', 400, sentences],
    ['sentence', 600, sentences],
    ['sentence', 1000, sentences],
    ['yes', 220, stops],
    ['wait', 160, stops],
  ] as const)('of %s, with %i ms of voice', ([name, voicedMs, recordings]) => {
    const recorded = recordings
      .flatMap(({ mulaw }) => articulationOf(mulaw, voicedMs) ?? [])
      .toSorted((one, other) => one - other);
    expect(articulationOf(caller.get(name) ?? nothing, voicedMs)).toBeGreaterThan(
      recorded[Math.floor(recorded.length / 10)] ?? Infinity,
    );
  });
});

test('the sound is the same on every machine', () => {
  const hash = createHash('sha256');
  for (const sound of [...caller.values(), ...[...agent.values()].map(({ pcm }) => pcm)]) hash.update(sound);
  expect(hash.digest('hex').slice(0, 16)).toBe('dbecbf04a3395d1a');
});

/** What the detector says of a sound after a second of the line, and when: in ms from the beginning of the sound. */
function newsOf(sound: Uint8Array, line: Uint8Array): { readonly news: string; readonly atMs: number }[] {
  const detector = new VoiceDetector(mulawCodec);
  for (let frame = 0; frame < 50; frame++) detector.push(line, nothing);
  const told: { news: string; atMs: number }[] = [];
  for (const [index, frame] of [...frames(sound), ...Array.from({ length: 50 }, () => line)].entries()) {
    const news = detector.push(frame, nothing);
    if (news !== null) told.push({ news, atMs: (index + 1) * 20 });
  }
  return told;
}

/** How much the spectrum of a sound moves once there is so much voice in it; null where there is less. */
function articulationOf(sound: Uint8Array, voicedMs: number): number | null {
  const detector = new VoiceDetector(mulawCodec);
  for (let frame = 0; frame < 50; frame++) detector.push(hiss, nothing);
  for (const frame of frames(sound)) {
    detector.push(frame, nothing);
    if (detector.voicedMs >= voicedMs) return detector.articulation;
  }
  return null;
}

function frames(sound: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.floor(sound.length / frameBytes) }, (_, index) =>
    sound.subarray(index * frameBytes, (index + 1) * frameBytes),
  );
}

function levelDbfs(sound: Uint8Array): number {
  return 10 * Math.log10(meanSquare(sound, mulawCodec));
}

/** The mean of what the detector measures in the frames of a sound of the caller. */
function featuresOf(name: string): { readonly tilt: number; readonly periodicity: number } {
  const features = new FrameFeatures();
  const each = frames(caller.get(name) ?? nothing).map((frame) => {
    features.measure(Float64Array.from(frame, (code) => mulawCodec.decode[code] ?? 0));
    return { tilt: features.tilt, periodicity: features.periodicity };
  });
  const mean = (of: 'tilt' | 'periodicity'): number => each.reduce((sum, frame) => sum + frame[of], 0) / each.length;
  return { tilt: mean('tilt'), periodicity: mean('periodicity') };
}
