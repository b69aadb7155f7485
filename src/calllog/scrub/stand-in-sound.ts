import { meanSquare } from '../../audio/level.ts';
import type { MulawCodec } from '../../audio/mulaw.ts';

/** Half a period of the stand-in's tone, in bytes: 500 Hz on the telephone, and an even number, so that PCM16 samples stay whole. */
const halfPeriodBytes = 8;

/** The level is kept in steps of 20 ms: a gate for speech decides as before, and no word can be made out. */
const frameBytes = 160;

/** 20 ms of 24 kHz PCM16. */
const pcmFrameBytes = 960;

/** Replaces the sound of a caller (8 kHz mu-law) by a tone that is as loud in every 20 ms. */
export function standInMulaw(audio: Uint8Array, codec: MulawCodec): Uint8Array {
  const standIn = new Uint8Array(audio.length);
  for (let start = 0; start < audio.length; start += frameBytes) {
    const frame = audio.subarray(start, start + frameBytes);
    const amplitude = Math.sqrt(meanSquare(frame, codec)) * 32_768;
    writeTone(standIn.subarray(start, start + frameBytes), amplitude, codec);
  }
  return standIn;
}

/**
 * Mu-law has few amplitudes, so each half period takes the one above or below which brings the sum of squares back to where it
 * should be. A level at the border of a gate then stays on its side of it.
 */
function writeTone(frame: Uint8Array, amplitude: number, codec: MulawCodec): void {
  let missing = 0;
  for (let start = 0; start < frame.length; start += halfPeriodBytes) {
    const half = frame.subarray(start, start + halfPeriodBytes);
    missing += half.length * amplitude ** 2;
    const wanted = Math.min(32_124, Math.sqrt(Math.max(0, missing / half.length)));
    const sign = (start / halfPeriodBytes) % 2 === 0 ? 1 : -1;
    const code = codec.encode[32_768 + sign * Math.round(wanted)] ?? 0xff;
    half.fill(code);
    missing -= half.length * (codec.decode[code] ?? 0) ** 2;
  }
}

/**
 * Replaces the sound of the agent (24 kHz PCM16, cut at any byte) by a tone that is about as loud. Both bytes of its samples are
 * alike, so it does not matter where the pieces are cut.
 */
export function standInPcm(pcm: Uint8Array): Uint8Array {
  const standIn = new Uint8Array(pcm.length);
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  for (let start = 0; start < pcm.length; start += pcmFrameBytes) {
    const end = Math.min(pcm.length, start + pcmFrameBytes);
    let sum = 0;
    for (let at = start; at + 1 < end; at += 2) sum += view.getInt16(at, true) ** 2;
    // A sample of two equal bytes b is 257 b.
    const byte = Math.min(127, Math.round(Math.sqrt((2 * sum) / (end - start)) / 257));
    for (let at = start; at < end; at += 1) {
      standIn[at] = Math.floor(at / (6 * halfPeriodBytes)) % 2 === 0 ? byte : 256 - byte;
    }
  }
  return standIn;
}
