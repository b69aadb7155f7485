import { expect, test } from 'vitest';
import { CallerEar } from '../../../src/call/turns/caller-ear.ts';
import { levelAudioPath } from '../../../src/sim/world/level-audio-path.ts';
import { shippedComfortSounds } from '../../../src/sounds/comfort-sounds.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';

const nothing = new Uint8Array();
const path = levelAudioPath(mulawCodec, shippedComfortSounds);
const voice = (ms: number): Uint8Array => new Uint8Array(8 * ms).fill(0x20);
const quiet = (ms: number): Uint8Array => new Uint8Array(8 * ms).fill(0xff);

function newEar(): CallerEar {
  return new CallerEar(path.voiceDetector(), () => nothing);
}

/** A call of pieces of such lengths, in ms: when the caller was found to begin and to stop, in ms of sound. */
function newsIn(sound: Uint8Array, pieceBytes: readonly number[]): { onsets: number[]; offsets: number[] } {
  const ear = newEar();
  const told = { onsets: [] as number[], offsets: [] as number[] };
  let at = 0;
  for (let piece = 0; at < sound.length; piece++) {
    const bytes = pieceBytes[piece % pieceBytes.length] ?? 160;
    const wasSpeaking = ear.isSpeaking;
    ear.hear(sound.subarray(at, at + bytes));
    at = Math.min(sound.length, at + bytes);
    if (ear.isSpeaking && !wasSpeaking) told.onsets.push(Math.floor((at - 8 * ear.sinceOnsetMs) / 160) * 20);
    if (!ear.isSpeaking && wasSpeaking) told.offsets.push(Math.floor((at - 8 * ear.sinceOffsetMs) / 160) * 20);
  }
  return told;
}

const sound = new Uint8Array([...quiet(200), ...voice(500), ...quiet(600), ...voice(200), ...quiet(500)]);

test.for<readonly [string, readonly number[]]>([
  ['frames of 20 ms', [160]],
  ['frames that were joined', [320]],
  ['single samples', [1]],
  ['odd pieces', [7, 333, 160, 91, 2]],
])('a voice is heard alike in %s', ([, pieceBytes]) => {
  expect(newsIn(sound, pieceBytes)).toEqual({ onsets: [260, 1360], offsets: [1000, 1800] });
});

test('the ear tells one utterance from the next, and how long ago each began and ended', () => {
  const ear = newEar();
  expect([ear.utterances, ear.sinceOffsetMs]).toEqual([0, Infinity]);
  ear.hear(voice(300));
  expect([ear.isSpeaking, ear.utterances, ear.sinceOnsetMs, ear.sinceOffsetMs]).toEqual([true, 1, 240, 0]);
  ear.hear(quiet(400));
  expect([ear.isSpeaking, ear.utterances, ear.sinceOnsetMs, ear.sinceOffsetMs]).toEqual([false, 1, 640, 100]);
  ear.hear(voice(60));
  expect([ear.isSpeaking, ear.utterances, ear.sinceOnsetMs, ear.sinceOffsetMs]).toEqual([true, 2, 0, 0]);
});

test('a caller of whom nothing comes has stopped, however long that lasts', () => {
  const ear = newEar();
  ear.hear(voice(300));
  ear.hearNothing(280);
  expect(ear.isSpeaking).toBe(true);
  ear.hearNothing(1e9);
  expect(ear.isSpeaking).toBe(false);
});

test('half a frame counts with what comes next', () => {
  const ear = newEar();
  ear.hear(voice(50));
  expect(ear.isSpeaking).toBe(false);
  ear.hear(voice(10));
  expect(ear.isSpeaking).toBe(true);
});

test('nobody speaks on a stream that is gone', () => {
  const ear = newEar();
  ear.hear(voice(310));
  ear.streamLost();
  expect(ear.isSpeaking).toBe(false);
  // The half frame of the old stream is forgotten.
  ear.hear(voice(50));
  expect(ear.isSpeaking).toBe(false);
  ear.hear(voice(10));
  expect(ear.isSpeaking).toBe(true);
});

test('the ear knows what the caller hears, frame by frame', () => {
  const told: Uint8Array[] = [];
  const hearing = path.voiceDetector();
  const push = hearing.push.bind(hearing);
  hearing.push = (caller, played) => {
    told.push(played);
    return push(caller, played);
  };
  let heard = voice(20);
  const ear = new CallerEar(hearing, () => heard);
  ear.hear(quiet(40));
  heard = nothing;
  ear.hear(quiet(20));
  expect(told).toEqual([voice(20), voice(20), nothing]);
});
