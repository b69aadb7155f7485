import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readWav, type Wav } from '../../audio/wav.ts';

const clipIndex = z.record(z.string(), z.looseObject({ file: z.string(), text: z.string() }));

/** A clip of recorded speech and its words. */
export interface IndexedClip {
  readonly name: string;
  readonly text: string;
  readonly wav: Wav;
}

/**
 * Reads the clips of one speaker that `fixtures/audio/clips.json` names. The others need not be there: the container image holds the
 * agent's alone.
 */
export function readClips(speaker: 'agent' | 'caller'): readonly IndexedClip[] {
  const index = new URL('../../../fixtures/audio/clips.json', import.meta.url);
  return Object.entries(clipIndex.parse(JSON.parse(readFileSync(index, 'utf8'))))
    .filter(([, { file }]) => file.startsWith(`${speaker}/`))
    .map(([name, { file, text }]) => ({ name, text, wav: readWav(readFileSync(new URL(file, index))) }));
}
