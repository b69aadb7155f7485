import { writeWav } from '../../audio/wav.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import type { CallSound } from '../../calllog/timeline/recorded-timeline.ts';

/** The sound of a call as a WAV file: left the caller, right what the caller heard of the agent, on one time axis. */
export function callWav({ caller, heard }: Pick<CallSound, 'caller' | 'heard'>): Uint8Array {
  const { decode } = mulawCodec;
  const samples = new Int16Array(2 * Math.max(caller.length, heard.length));
  for (let at = 0; at < caller.length; at += 1) samples[2 * at] = decode[caller[at] ?? 0xff] ?? 0;
  for (let at = 0; at < heard.length; at += 1) samples[2 * at + 1] = decode[heard[at] ?? 0xff] ?? 0;
  return writeWav({ sampleRateHz: 8000, channels: 2, samples });
}
