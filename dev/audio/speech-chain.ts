import { readFileSync } from 'node:fs';
import type { MulawCodec } from '../../src/audio/mulaw.ts';
import { CallerUpsampler } from '../../src/audio/resample-up.ts';
import { readWav } from '../../src/audio/wav.ts';
import { convert, ownDown } from './converter.ts';
import { bandSnrDb, levelDbfs } from './speech.ts';

/** What a sentence keeps of itself on the way through both conversions and the telephone line between them. */
export interface SpeechQuality {
  readonly levelDbfs: number;
  /** At 8 kHz before mu-law, against the recording. */
  readonly downSnrDb: number;
  /** After mu-law and back, against the same 8 kHz sound: what any telephone call costs. */
  readonly mulawSnrDb: number;
  /** At 16 kHz at the far end, against the recording. */
  readonly chainSnrDb: number;
}

const downDelayMs = 3.5;
const upDelayMs = 3.5625;

/** Takes a 24 kHz mono PCM16 WAV file. */
export function measureSpeech(file: string, codec: MulawCodec): SpeechQuality {
  const agent = { samples: pcm16(readWav(readFileSync(file)).data), sampleRateHz: 24_000, delayMs: 0 };
  const line = convert(ownDown, agent.samples);
  const codes = Uint8Array.from(line, (sample) => codec.encode[sample + 32_768] ?? 0);
  const upsampler = new CallerUpsampler(codec);
  const heard = pcm16(Buffer.concat([upsampler.push(codes), upsampler.flush()]));

  const original = { samples: line, sampleRateHz: 8000, delayMs: downDelayMs };
  return {
    levelDbfs: levelDbfs(agent.samples),
    downSnrDb: bandSnrDb(agent, original),
    mulawSnrDb: bandSnrDb(original, { ...original, samples: Array.from(codes, (code) => codec.decode[code] ?? 0) }),
    chainSnrDb: bandSnrDb(agent, { samples: heard, sampleRateHz: 16_000, delayMs: downDelayMs + upDelayMs }),
  };
}

/** Little-endian bytes as samples. */
export function pcm16(bytes: Uint8Array): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int16Array.from({ length: bytes.length >> 1 }, (_, i) => view.getInt16(2 * i, true));
}
