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

/** Reads all clips that `fixtures/audio/clips.json` names: those of the agent and those of the caller. */
export function readClips(): readonly IndexedClip[] {
  const index = new URL('../../../fixtures/audio/clips.json', import.meta.url);
  return Object.entries(clipIndex.parse(JSON.parse(readFileSync(index, 'utf8')))).map(([name, { file, text }]) => ({
    name,
    text,
    wav: readWav(readFileSync(new URL(file, index))),
  }));
}
