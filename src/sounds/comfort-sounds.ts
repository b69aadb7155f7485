import { readFileSync } from 'node:fs';
import type { ComfortSounds } from '../audio/audio-path.ts';
import { encodePcm16 } from '../audio/mulaw.ts';
import { AgentDownsampler } from '../audio/resample-down.ts';
import { readWav, type Wav } from '../audio/wav.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../system/logger.ts';
import { mulawCodec } from './mulaw-codec.ts';
import { phraseRatesHz, readPhraseFile } from './phrase-file.ts';

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

/** Reads a filler phrase of the admin's own, as mu-law. Throws `config.invalid`. */
export function readFillerPhrase(path: string): Uint8Array {
  return toMulaw(readPhraseFile(path));
}

function shippedSound(name: 'tone' | 'phrase'): Uint8Array {
  return toMulaw(readWav(readFileSync(new URL(`./${name}.wav`, import.meta.url))));
}

/** PCM16 of one channel, at 8 or 24 kHz. */
function toMulaw({ data, sampleRateHz }: Wav): Uint8Array {
  if (sampleRateHz === phraseRatesHz.telephone) return encodePcm16(data, mulawCodec);
  const downsampler = new AgentDownsampler(mulawCodec);
  return Buffer.concat([downsampler.push(data), downsampler.flush()]);
}
