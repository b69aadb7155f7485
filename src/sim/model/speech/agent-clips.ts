import { readClips } from '../../scenario/clip-index.ts';
import type { Clip } from './speech-plan.ts';

/** Reads the agent's clips by name: PCM16 at 24 kHz. */
export function loadAgentClips(): ReadonlyMap<string, Clip> {
  const mine = readClips('agent').filter(({ wav }) => wav.encoding === 'pcm16' && wav.sampleRateHz === 24_000);
  return new Map(mine.map(({ name, text, wav }) => [name, { pcm: wav.data, text }]));
}
