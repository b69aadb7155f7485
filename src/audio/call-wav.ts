import type { MulawCodec } from './mulaw.ts';
import { writeWav } from './wav.ts';

/** Both sides of a call on one time axis, as a WAV file: left what the caller said, right what the caller heard. Both are mu-law at 8 kHz. */
export function callWav({ said, heard }: { said: Uint8Array; heard: Uint8Array }, { decode }: MulawCodec): Uint8Array {
  const samples = new Int16Array(2 * Math.max(said.length, heard.length));
  said.forEach((code, index) => (samples[2 * index] = decode[code] ?? 0));
  heard.forEach((code, index) => (samples[2 * index + 1] = decode[code] ?? 0));
  return writeWav({ sampleRateHz: 8000, channels: 2, samples });
}
