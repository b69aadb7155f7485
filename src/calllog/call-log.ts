import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { filterVersion } from '../audio/filters.ts';
import type { CallSettings } from '../call/call-settings.ts';
import type { CallEffect } from '../call/effects.ts';
import type { CallEvent } from '../call/events.ts';
import { cutLine, fingerprint, type LogHeader, logVersion, type RecordedAgent, stepLine } from './log-format.ts';
import type { CallObserver } from '../call/call-observer.ts';
import { LogFolder } from './log-folder.ts';
import type { Alarm } from '../system/alarms.ts';
import { systemClock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import { makeFolder } from '../system/files/make-folder.ts';
import { WriteBatch } from './write-batch.ts';

/** Only we may read what people said on the phone. */
const fileMode = 0o600;
const folderMode = 0o700;

/** A frame comes every 20 ms and a write costs more than a frame does; what a killed process loses is no longer than this. */
const batchMs = 500;

const tooSlow = 'the disk is too slow';

/** What the first line of a log tells of its call. */
export interface LoggedCall {
  readonly callSid: string;
  /** Null where nobody is known by a name. */
  readonly agent: RecordedAgent | null;
  readonly settings: CallSettings;
  /** Null for the shipped one. */
  readonly fillerPhrase: Uint8Array | null;
}

/**
 * The record of one call: a file of JSON lines, and the audio that came in beside it. A disk that fails never hurts the call: when it
 * is slow audio is dropped, and when it stops the log ends.
 */
export class CallLog implements CallObserver {
  /** What its files are called, without what follows the dot. */
  readonly name: string;
  readonly #folder: LogFolder;
  readonly #log: Logger;
  #files: { readonly audio: FileHandle; readonly lines: FileHandle } | null = null;
  #state: 'open' | 'ending' | 'closed' = 'open';
  readonly #audio = new WriteBatch();
  readonly #lines = new WriteBatch();
  #waitingBytes = 0;
  /** Where the next audio will lie. */
  #audioEnd = 0;
  #droppedBytes = 0;
  /** All whole lines on the disk. */
  #writtenLineBytes = 0;
  readonly #flushSoon: Alarm = systemClock.alarm(() => this.#flush());

  constructor(folder: LogFolder, { callSid, agent, settings, fillerPhrase }: LoggedCall, log: Logger) {
    const startedAt = new Date().toISOString();
    this.#folder = folder;
    this.name = `${startedAt.replaceAll(/[-:]|\.\d+/g, '')}-${callSid}`;
    this.#log = log.child({ callSid });
    const header: LogHeader = {
      format: 'parley-call-log',
      version: logVersion,
      callSid,
      startedAt,
      filters: filterVersion,
      ...(agent === null ? {} : { agent }),
      settings,
      ...(fillerPhrase === null ? {} : { fillerPhrase: fingerprint(fillerPhrase) }),
    };
    if (this.#append(JSON.stringify(header))) return;
    // A disk that hung during other calls gets no file that it could not take either.
    this.#state = 'closed';
    this.#warn(tooSlow);
  }

  write(event: CallEvent, effects: readonly CallEffect[]): void {
    if (this.#state !== 'open') return;
    if (this.#append(stepLine(event, effects, (audio) => this.#store(audio)))) return;
    this.#warn(tooSlow);
    this.#lines.addText(`${cutLine(tooSlow)}\n`);
    this.#end();
  }

  close(): void {
    if (this.#state !== 'open') return;
    this.#end();
    if (this.#droppedBytes > 0) this.#log.warn({ bytes: this.#droppedBytes }, 'callLogAudioDropped');
  }

  #append(line: string): boolean {
    const text = `${line}\n`;
    if (!this.#reserve('lines', text.length)) return false;
    this.#lines.addText(text);
    if (!this.#flushSoon.isSet) this.#flushSoon.set(batchMs);
    return true;
  }

  #store(audio: Uint8Array): number | null {
    if (!this.#reserve('audio', audio.length)) {
      this.#droppedBytes += audio.length;
      return null;
    }
    this.#audio.add(audio);
    const at = this.#audioEnd;
    this.#audioEnd += audio.length;
    return at;
  }

  #reserve(kind: 'audio' | 'lines', bytes: number): boolean {
    if (!this.#folder.reserve(kind, bytes)) return false;
    this.#waitingBytes += bytes;
    return true;
  }

  #end(): void {
    this.#state = 'ending';
    this.#flush();
  }

  #flush(): void {
    this.#flushSoon.cancel();
    this.#folder.queue(
      () => this.#writeOut(),
      (error) => this.#crashed(error),
    );
  }

  /** Writes all that waits: the audio first, so that no line on the disk refers to audio that is not there. */
  async #writeOut(): Promise<void> {
    if (this.#state === 'closed') return;
    const [audio, lines] = [this.#audio.take(), this.#lines.take()];
    const bytes = this.#waitingBytes;
    this.#waitingBytes = 0;
    try {
      this.#files ??= await this.#openFiles();
      await writeAll(this.#files.audio, audio);
      await writeAll(this.#files.lines, lines);
      this.#writtenLineBytes += lines.length;
    } catch (error) {
      await this.#fail(error instanceof Error ? error.message : String(error), lines);
    } finally {
      this.#folder.release(bytes);
      this.#audio.written();
      this.#lines.written();
    }
    if (this.#state === 'ending' && this.#lines.isEmpty) await this.#closeFiles();
  }

  async #openFiles(): Promise<{ audio: FileHandle; lines: FileHandle }> {
    const audio = await this.#folder.open(`${this.name}.audio`);
    try {
      return { audio, lines: await this.#folder.open(`${this.name}.jsonl`) };
    } catch (error) {
      await audio.close();
      throw error;
    }
  }

  /** The disk refuses. The log ends at a whole line and says why, if what is cut off `lines` makes room for it. */
  async #fail(why: string, lines: Buffer): Promise<void> {
    this.#warn(why);
    this.#state = 'ending';
    this.#dropWaiting();
    const file = this.#files?.lines;
    if (file === undefined) return;
    const marker = Buffer.from(`${cutLine(why)}\n`);
    try {
      const { size } = await file.stat();
      const room = Math.max(0, size - this.#writtenLineBytes - marker.length);
      const end = this.#writtenLineBytes + lines.subarray(0, room).lastIndexOf('\n') + 1;
      await file.truncate(end);
      await file.write(marker, 0, marker.length, end);
    } catch {
      // The warning above has said it.
    }
  }

  async #closeFiles(): Promise<void> {
    this.#state = 'closed';
    try {
      await Promise.all([this.#files?.audio.close(), this.#files?.lines.close()]);
    } catch (error) {
      this.#warn(String(error));
    }
  }

  /** A fault of ours, and no other log shall suffer from it. */
  async #crashed(error: unknown): Promise<void> {
    this.#dropWaiting();
    await this.#closeFiles();
    this.#log.error({ err: error }, 'callLogCrashed');
  }

  #dropWaiting(): void {
    this.#audio.clear();
    this.#lines.clear();
    this.#folder.release(this.#waitingBytes);
    this.#waitingBytes = 0;
  }

  #warn(why: string): void {
    this.#log.warn({ why }, 'callLogFailed');
  }
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}

/** Makes the folder for call logs. Returns null when logs cannot be kept there: calls are answered all the same. */
export function prepareLogFolder(path: string, log: Logger): LogFolder | null {
  try {
    makeFolder(path, folderMode);
    return new LogFolder((name) => open(join(path, name), 'wx', fileMode));
  } catch (error) {
    log.warn({ folder: path, why: error instanceof Error ? error.message : String(error) }, 'recordDirUnusable');
    return null;
  }
}
