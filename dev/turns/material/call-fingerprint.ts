import { createHash } from 'node:crypto';
import { encoded } from '../../voice/lines/encoded.ts';
import type { TurnsCall } from './turns-call.ts';

/** Tells one drawn call from every other: everything that is drawn of it, its sounds as they sound on the line. */
export function callFingerprint({ background, questions, events, ...plan }: TurnsCall): string {
  const hash = createHash('sha256');
  const { row, half, seed, callerVoice, agentVoice, lossSeed, echoGain } = plan;
  hash.update(JSON.stringify([row, half, seed, callerVoice, agentVoice, lossSeed, echoGain]));
  hash.update(encoded(background));
  for (const { name, sound, onsetMs, endMs } of [...questions, ...events]) {
    hash.update(JSON.stringify([name, onsetMs, endMs]));
    hash.update(encoded(sound));
  }
  hash.update(JSON.stringify(events.map(({ afterMs }) => Math.round(afterMs))));
  return hash.digest('hex');
}
