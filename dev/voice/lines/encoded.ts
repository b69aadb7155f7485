import { mulawSilence } from '../../../src/audio/mulaw.ts';
import { roundToPcm16 } from '../../../src/audio/pcm16.ts';
import { codec } from '../../audio/codec.ts';
import { type NextFraction, frameSamples } from '../sounds/signal.ts';

/** Of each hundred frames, two are lost. */
const lostShare = 0.02;

/** How many are lost in a row, on average. */
const lostInARow = 3;

/** Samples as 8 kHz mu-law, clipped where they are too loud. */
export function encoded(sound: Float64Array): Uint8Array {
  return new Uint8Array(sound.map((sample) => codec.encode[roundToPcm16(sample) + 32_768] ?? 0));
}

/** Takes 2 % of the 20 ms frames, in bursts, and leaves mu-law silence in their place, as whoever fills the gaps of a stream does. */
export function loseFrames(mulaw: Uint8Array, draw: NextFraction): Uint8Array {
  const left = mulaw.slice();
  let isLost = false;
  for (let at = 0; at < left.length; at += frameSamples) {
    const changes = isLost ? 1 / lostInARow : lostShare / (1 - lostShare) / lostInARow;
    if (draw() < changes) isLost = !isLost;
    if (isLost) left.fill(mulawSilence, at, at + frameSamples);
  }
  return left;
}
