import { readFileSync } from 'node:fs';
import type { ComfortSounds } from '../audio/audio-path.ts';
import { encodePcm16 } from '../audio/mulaw.ts';
import { AgentDownsampler } from '../audio/resample-down.ts';
import { readWav, type Wav } from '../audio/wav.ts';
import type { Config } from '../config/config.ts';
import { ParleyError } from '../errors.ts';
import type { Logger } from '../system/logger.ts';
import { readRegularFileSync } from '../system/regular-file.ts';
import { mulawCodec } from './mulaw-codec.ts';

/** It begins 4 s into a silence and the next tone after 6.5 s (src/call/watchdog/expectation.ts): a longer line would push that one away. */
const lineMsMax = 2_500;

/** Ten times what the longest line has, so that of one that is too long its length can be told. It is read while calls wait. */
const fileBytesMax = 1_500_000;

/** 8 kHz is the telephone's own rate, 24 kHz the one that the agent's filter knows. */
const ratesHz = { telephone: 8_000, agent: 24_000 };

const wanted = 'It wants a WAV file in PCM16, one channel, 8000 or 24000 Hz, of at most 2.5 seconds.';

/** The sounds that Parley brings along: a soft tone, and "One moment, please." in English. */
export const shippedComfortSounds: ComfortSounds = { tone: shippedSound('tone'), phrase: shippedSound('phrase') };

/**
 * The comfort sounds of a service. Where the agent speaks a language that is not English and the admin gave no line in it, the tone
 * takes the line's place, and the log says so. Throws `config.invalid` for a FILLER_PHRASE_FILE that cannot be used.
 */
export function serviceComfortSounds({ fillerPhraseFile, language }: Config['agent'], log: Logger): ComfortSounds {
  const { tone } = shippedComfortSounds;
  if (fillerPhraseFile !== null) return { tone, phrase: readFillerPhrase(fillerPhraseFile) };
  if (language === null || /\benglish\b/i.test(language)) return shippedComfortSounds;
  log.info({ language, wanted: 'FILLER_PHRASE_FILE' }, 'fillerPhraseIsTone');
  return wordlessComfortSounds;
}

/** For an agent whose language Parley has no words in. */
export const wordlessComfortSounds: ComfortSounds = {
  tone: shippedComfortSounds.tone,
  phrase: shippedComfortSounds.tone,
};

/** Reads a filler phrase of the admin's own, as mu-law. `name`: what names the file. Throws `config.invalid`. */
export function readFillerPhrase(path: string, name = 'FILLER_PHRASE_FILE'): Uint8Array {
  const refuse = (what: string): never => {
    throw new ParleyError('config.invalid', `${name} names ${path}, which ${what}. ${wanted}`);
  };
  const wav = parsed(path, refuse);
  const { sampleRateHz, channels, encoding } = wav;
  const isKnownRate = sampleRateHz === ratesHz.telephone || sampleRateHz === ratesHz.agent;
  if (encoding !== 'pcm16' || channels !== 1 || !isKnownRate) {
    refuse(`is in ${encoding}, with ${channels} channel${channels === 1 ? '' : 's'} of ${sampleRateHz} Hz`);
  }
  // Two bytes a sample; half a one is none.
  const ms = (Math.floor(wav.data.length / 2) * 1000) / sampleRateHz;
  if (ms === 0) refuse('holds no sound');
  if (ms > lineMsMax) refuse(`lasts ${(ms / 1000).toFixed(2)} seconds`);
  return toMulaw(wav);
}

function parsed(path: string, refuse: (what: string) => never): Wav {
  const bytes = readRegularFileSync(path, fileBytesMax);
  if (typeof bytes === 'string') return refuse(bytes);
  try {
    return readWav(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse(`is no WAV file that Parley can read: ${error.message.replace(/\.$/, '')}`);
  }
}

function shippedSound(name: 'tone' | 'phrase'): Uint8Array {
  return toMulaw(readWav(readFileSync(new URL(`./${name}.wav`, import.meta.url))));
}

/** PCM16 of one channel, at 8 or 24 kHz. */
function toMulaw({ data, sampleRateHz }: Wav): Uint8Array {
  if (sampleRateHz === ratesHz.telephone) return encodePcm16(data, mulawCodec);
  const downsampler = new AgentDownsampler(mulawCodec);
  return Buffer.concat([downsampler.push(data), downsampler.flush()]);
}
