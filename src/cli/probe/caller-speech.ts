import { loadCallerClips } from '../../sim/caller/caller-clips.ts';
import { standardAudioPath } from '../../sounds/standard-audio-path.ts';

/** −46 dBFS: the ends of words lie above it, the noise of the recordings below. */
const audibleMin = 160;

/** The recorded caller as a call hears him: 16 kHz PCM16 by name, which ends with the last word. */
export function callerSpeech(): ReadonlyMap<string, Uint8Array> {
  return new Map(
    [...loadCallerClips()].map(([name, mulaw]) => [name, toLastWord(standardAudioPath.callerUpsampler().push(mulaw))]),
  );
}

function toLastWord(pcm: Uint8Array): Uint8Array {
  const samples = new DataView(pcm.buffer, pcm.byteOffset, pcm.length);
  let end = pcm.length;
  while (end > 0 && Math.abs(samples.getInt16(end - 2, true)) < audibleMin) end -= 2;
  return pcm.subarray(0, end);
}
