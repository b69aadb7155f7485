import { type AudioPath, type CoverSounds, filteredAudioPath } from '../../audio/audio-path.ts';
import { fingerprint, type LogHeader } from '../../calllog/log-format.ts';
import type { CoverPrints } from '../../calllog/story.ts';
import { readCoverLine, shippedCoverSounds, wordlessCoverSounds } from '../../sounds/cover-sounds.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import { standardAudioPath } from '../../sounds/standard-audio-path.ts';

/**
 * The audio path with the covering line that a recorded call had: the shipped one, the tone in its place, or the one that
 * COVER_LINE_FILE names. Null when it is none of them. Throws `config.invalid` for a file that cannot be played.
 */
export function recordedAudioPath({ coverLine }: LogHeader, coverLineFile: string | undefined): AudioPath | null {
  if (coverLine === undefined) return standardAudioPath;
  const hasCoverLine = ({ line }: CoverSounds): boolean => fingerprint(line) === coverLine;
  if (hasCoverLine(wordlessCoverSounds)) return filteredAudioPath(mulawCodec, wordlessCoverSounds);
  if (coverLineFile === undefined || coverLineFile === '') return null;
  const own = { ...shippedCoverSounds, line: readCoverLine(coverLineFile) };
  return hasCoverLine(own) ? filteredAudioPath(mulawCodec, own) : null;
}

/** The covering sounds that a recorded call had. Every call has the same tone. */
export function recordedCoverPrints({ coverLine }: LogHeader): CoverPrints {
  const { tone, line } = shippedCoverSounds;
  return new Map([
    [coverLine ?? fingerprint(line), 'a line'],
    [fingerprint(tone), 'a tone'],
  ]);
}
