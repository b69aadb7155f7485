import { type AudioPath, type ComfortSounds, filteredAudioPath } from '../../audio/audio-path.ts';
import { fingerprint, type LogHeader } from '../../calllog/log-format.ts';
import type { ComfortPrints } from '../../calllog/story.ts';
import { readFillerPhrase, shippedComfortSounds, wordlessComfortSounds } from '../../sounds/comfort-sounds.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import { standardAudioPath } from '../../sounds/standard-audio-path.ts';

/**
 * The audio path with the filler phrase that a recorded call had: the shipped one, the tone in its place, or the one that
 * FILLER_PHRASE_FILE names. Null when it is none of them. Throws `config.invalid` for a file that cannot be played.
 */
export function recordedAudioPath({ fillerPhrase }: LogHeader, fillerPhraseFile: string | null): AudioPath | null {
  if (fillerPhrase === undefined) return standardAudioPath;
  const hasFillerPhrase = ({ phrase }: ComfortSounds): boolean => fingerprint(phrase) === fillerPhrase;
  if (hasFillerPhrase(wordlessComfortSounds)) return filteredAudioPath(mulawCodec, wordlessComfortSounds);
  if (fillerPhraseFile === null) return null;
  const own = { ...shippedComfortSounds, phrase: readFillerPhrase(fillerPhraseFile) };
  return hasFillerPhrase(own) ? filteredAudioPath(mulawCodec, own) : null;
}

/** The comfort sounds that a recorded call had. Every call has the same tone. */
export function recordedComfortPrints({ fillerPhrase }: Pick<LogHeader, 'fillerPhrase'>): ComfortPrints {
  const { tone, phrase } = shippedComfortSounds;
  return new Map([
    [fillerPhrase ?? fingerprint(phrase), 'a phrase'],
    [fingerprint(tone), 'a tone'],
  ]);
}
