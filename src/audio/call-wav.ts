import type { MulawCodec } from './mulaw.ts';
import { wavHeader } from './wav.ts';

const sampleRateHz = 8000;
const channels = 2;
const frameBytes = 2 * channels;

/** A second of sound is made in less than a millisecond. */
const pieceFrames = sampleRateHz;

/** Both sides of a call on one time axis. Both are mu-law at 8 kHz. */
export interface CallSides {
  readonly said: Uint8Array;
  readonly heard: Uint8Array;
}

/** Both sides of a call as a WAV file: left what the caller said, right what the caller heard. */
export function callWav(sides: CallSides, codec: MulawCodec): Uint8Array {
  const pieces = [...callWavPieces(sides, codec)];
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The same piece by piece, for a thread that has other things to do meanwhile: an hour of sound takes a second. */
export function* callWavPieces({ said, heard }: CallSides, { decode }: MulawCodec): Generator<Uint8Array> {
  const frames = Math.max(said.length, heard.length);
  yield wavHeader({ sampleRateHz, channels, dataBytes: frames * frameBytes });
  for (let from = 0; from < frames; from += pieceFrames) {
    const piece = new DataView(new ArrayBuffer(Math.min(pieceFrames, frames - from) * frameBytes));
    for (const [side, audio] of [said, heard].entries())
      for (const [at, code] of audio.subarray(from, from + pieceFrames).entries())
        piece.setInt16(at * frameBytes + 2 * side, decode[code] ?? 0, true);
    yield new Uint8Array(piece.buffer);
  }
}
