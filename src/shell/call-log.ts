import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { CallSettings } from '../core/call-settings.ts';
import type { CallEffect } from '../core/effects.ts';
import type { CallEvent } from '../core/events.ts';
import { type LogHeader, logVersion, stepLine } from '../replay/log-format.ts';
import type { CallObserver } from './call-host.ts';
import type { Logger } from './logger.ts';

/** Only we may read what people said on the phone. */
const fileMode = 0o600;
const folderMode = 0o700;

/** Audio that waits for the disk: some ten seconds of a call. What comes on top of it is dropped, and the log says so. */
const audioBytesMax = 1024 * 1024;

/** Lines that wait for the disk. They are small, so a disk that is this far behind has stopped. */
const linesBytesMax = 4 * 1024 * 1024;

/** The record of one call: a file of JSON lines, and the audio that came in beside it. A disk that fails never hurts the call. */
export class CallLog implements CallObserver {
  readonly #lines: WriteStream;
  readonly #audio: WriteStream;
  readonly #log: Logger;
  #audioBytes = 0;
  #state: 'open' | 'failed' | 'closed' = 'open';

  constructor(folder: string, callSid: string, settings: CallSettings, log: Logger) {
    const startedAt = new Date().toISOString();
    const path = join(folder, `${startedAt.replaceAll(/[-:]|\.\d+/g, '')}-${callSid}`);
    this.#log = log;
    this.#lines = this.#open(`${path}.jsonl`);
    this.#audio = this.#open(`${path}.audio`);
    const header: LogHeader = { format: 'parley-call-log', version: logVersion, callSid, startedAt, settings };
    this.#lines.write(`${JSON.stringify(header)}\n`);
  }

  write(event: CallEvent, effects: readonly CallEffect[]): void {
    if (this.#state !== 'open') return;
    if (this.#lines.writableLength > linesBytesMax) return this.#fail('the disk is too slow');
    this.#lines.write(`${stepLine(event, effects, (audio) => this.#store(audio))}\n`);
  }

  close(): void {
    this.#state = 'closed';
    this.#lines.end();
    this.#audio.end();
  }

  #open(path: string): WriteStream {
    const stream = createWriteStream(path, { flags: 'wx', mode: fileMode });
    stream.on('error', (error) => this.#fail(error.message));
    return stream;
  }

  #store(audio: Uint8Array): number | null {
    if (this.#audio.writableLength + audio.length > audioBytesMax) return null;
    this.#audio.write(audio);
    const at = this.#audioBytes;
    this.#audioBytes += audio.length;
    return at;
  }

  #fail(why: string): void {
    if (this.#state === 'open') this.#log.warn({ why }, 'callLogFailed');
    this.#state = 'failed';
    this.#lines.destroy();
    this.#audio.destroy();
  }
}

/** Makes the folder for call logs. Returns null when logs cannot be kept there: calls are answered all the same. */
export function prepareLogFolder(folder: string, log: Logger): string | null {
  try {
    mkdirSync(folder, { recursive: true, mode: folderMode });
    return folder;
  } catch (error) {
    log.warn({ folder, why: error instanceof Error ? error.message : String(error) }, 'recordDirUnusable');
    return null;
  }
}
