import { readClips } from '../scenario/clip-index.ts';

/** Reads the caller's recorded speech by name: mu-law at 8 kHz. */
export function loadCallerClips(): ReadonlyMap<string, Uint8Array> {
  const mine = readClips('caller').filter(({ wav }) => wav.encoding === 'mulaw' && wav.sampleRateHz === 8000);
  return new Map(mine.map(({ name, wav }) => [name, wav.data]));
}
