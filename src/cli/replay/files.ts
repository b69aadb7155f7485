import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cannotBeRead, ParleyError } from '../../errors.ts';
import { type RecordedCall, readLog } from '../../calllog/read-log.ts';
import { isCallSid } from '../history/find-calls.ts';

/** The path of the lines of a log: `given` itself, or `call.jsonl` in that folder. Throws `log.invalid` where there is none. */
export function logPathOf(given: string): string {
  const stat = statSync(given, { throwIfNoEntry: false });
  if (stat === undefined) throw new ParleyError('log.invalid', `${given} cannot be read: it does not exist.`);
  if (!stat.isDirectory()) return given;
  const path = join(given, 'call.jsonl');
  if (existsSync(path)) return path;
  const callSid = basename(given);
  // npm run call keeps what it heard there; what Parley kept of the call is elsewhere, and known by this name.
  if (isCallSid(callSid) && existsSync(join(given, 'call.wav')))
    throw new ParleyError('log.invalid', `${given} holds only the sound of a call; name the call alone: ${callSid}.`);
  throw new ParleyError('log.invalid', `${given} holds no call.jsonl; name one of its .jsonl files, if it has any.`);
}

/** Reads the call log at `given`, or `call.jsonl` in that folder, and the audio beside it. Throws `log.invalid`, which names the file. */
export function readLogFiles(given: string): RecordedCall {
  const path = logPathOf(given);
  const audioPath = path.replace(/\.jsonl$/, '.audio');
  if (audioPath === path) throw new ParleyError('log.invalid', `${path}: the name of a call log ends in .jsonl.`);
  const hasAudio = existsSync(audioPath);
  const text = readBytes(path).toString('utf8');
  const audio = hasAudio ? readBytes(audioPath) : new Uint8Array();
  try {
    return readLog(text, audio);
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    const hint =
      hasAudio || text === '' ? '' : `\nThere is no file ${audioPath} beside it, which would hold its audio.`;
    throw new ParleyError(error.code, `${path}, ${error.message}${hint}`);
  }
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ParleyError('log.invalid', `${path} ${cannotBeRead(error)}.`);
  }
}
