import { existsSync, writeFileSync } from 'node:fs';
import { ParleyError } from '../../errors.ts';
import type { RecordingForm } from './recording-job.ts';
import { RecordingThread } from './recording-thread.ts';
import type { TimelineMeans } from './timeline-setup.ts';

/** Only the user may read and hear what people said on the phone. */
const fileMode = 0o600;

/**
 * Writes a recorded call as a page of one file, or as sound. Nothing is written over a file that is there. Throws `log.invalid` with what is
 * wrong, in words.
 */
export async function saveCall(
  logPath: string,
  form: Exclude<RecordingForm, 'data'>,
  target: string,
  means: TimelineMeans,
): Promise<void> {
  if (existsSync(target)) throw refused(`${target} is there already, and nothing is written over it.`);
  const thread = new RecordingThread();
  const reply = await thread.make(logPath, form, means);
  thread.stop();
  if ('why' in reply) throw refused(reply.why);
  try {
    writeFileSync(target, Buffer.concat(reply.pieces), { mode: fileMode, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw refused(`${target} cannot be written (${String(error.code)}).`);
  }
}

function refused(why: string): ParleyError {
  return new ParleyError('log.invalid', why);
}
