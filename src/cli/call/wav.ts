import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callWav } from '../../audio/call-wav.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import type { CallReport } from '../../sim/carrier/call-report.ts';

/** Only the user may hear what people said on the phone. */
const fileMode = 0o600;
const folderMode = 0o700;

/** Writes `call.wav` into the folder: left what the caller said, right what the caller heard, on one time axis. Returns its path. */
export function writeCallWav(folder: string, report: CallReport): string {
  mkdirSync(folder, { recursive: true, mode: folderMode });
  const path = join(folder, 'call.wav');
  writeFileSync(path, callWav(report, mulawCodec), { mode: fileMode, flag: 'wx' });
  return path;
}
