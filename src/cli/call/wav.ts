import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWav } from '../../audio/wav.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import type { CallReport } from '../../sim/carrier/call-report.ts';

/** Only the user may hear what people said on the phone. */
const fileMode = 0o600;
const folderMode = 0o700;

/** Writes `call.wav` into the folder: left what the caller said, right what the caller heard, on one time axis. Returns its path. */
export function writeCallWav(folder: string, { said, heard }: CallReport): string {
  const samples = new Int16Array(2 * Math.max(said.length, heard.length));
  said.forEach((code, index) => (samples[2 * index] = mulawCodec.decode[code] ?? 0));
  heard.forEach((code, index) => (samples[2 * index + 1] = mulawCodec.decode[code] ?? 0));
  mkdirSync(folder, { recursive: true, mode: folderMode });
  const path = join(folder, 'call.wav');
  writeFileSync(path, writeWav({ sampleRateHz: 8000, channels: 2, samples }), { mode: fileMode, flag: 'wx' });
  return path;
}
