import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readWav } from '../../audio/wav.ts';

const clipIndex = z.record(z.string(), z.looseObject({ file: z.string() }));
const committedIndex = new URL('../../../fixtures/audio/clips.json', import.meta.url);

/** Reads the caller's recorded speech by name: mu-law at 8 kHz. The agent's clips in the same index, which are PCM, are left out. */
export function loadCallerClips(index: URL = committedIndex): ReadonlyMap<string, Uint8Array> {
  const clips = new Map<string, Uint8Array>();
  for (const [name, { file }] of Object.entries(clipIndex.parse(JSON.parse(readFileSync(index, 'utf8'))))) {
    const wav = readWav(readFileSync(new URL(file, index)));
    if (wav.encoding === 'mulaw' && wav.sampleRateHz === 8000) clips.set(name, wav.data);
  }
  return clips;
}
