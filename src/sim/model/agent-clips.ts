import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readWav } from '../../audio/wav.ts';
import type { Clip } from './speech-plan.ts';

const clipIndex = z.record(z.string(), z.looseObject({ file: z.string(), text: z.string() }));
const committedIndex = new URL('../../../fixtures/audio/clips.json', import.meta.url);

/**
 * Reads the agent's clips, by name, from the files that an index such as `fixtures/audio/clips.json` names. The caller's clips in it,
 * which are 8 kHz, are left out.
 */
export function loadAgentClips(index: URL = committedIndex): ReadonlyMap<string, Clip> {
  const clips = new Map<string, Clip>();
  for (const [name, { file, text }] of Object.entries(clipIndex.parse(JSON.parse(readFileSync(index, 'utf8'))))) {
    const wav = readWav(readFileSync(new URL(file, index)));
    if (wav.encoding === 'pcm16' && wav.sampleRateHz === 24_000) clips.set(name, { pcm: wav.data, text });
  }
  return clips;
}
