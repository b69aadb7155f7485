import type { FileHandle } from 'node:fs/promises';
import { within } from '../system/within.ts';

/**
 * Bytes that wait for the disk, of all calls together, because they share it. Audio: one second of 300 calls. Lines may use as much
 * again, so audio is dropped first; they are small, so a disk that is this far behind has stopped.
 */
const waitingBytesMax = { audio: 16 * 1024 * 1024, lines: 32 * 1024 * 1024 };

/** Opens a new file by its name. */
export type OpenLogFile = (name: string) => Promise<FileHandle>;

/**
 * The folder of the call logs, and the way to its disk. One job at a time touches the disk: a disk that hangs then blocks one thread
 * of Node's pool, which has four, and files and the names of hosts are still looked up on the others.
 */
export class LogFolder {
  readonly open: OpenLogFile;
  readonly #bytesMax: typeof waitingBytesMax;
  #jobs: Promise<void> = Promise.resolve();
  #waitingBytes = 0;

  constructor(openFile: OpenLogFile, bytesMax = waitingBytesMax) {
    this.open = openFile;
    this.#bytesMax = bytesMax;
  }

  /** Notes bytes that wait for the disk. Returns whether there is room for them. */
  reserve(kind: 'audio' | 'lines', bytes: number): boolean {
    if (this.#waitingBytes + bytes > this.#bytesMax[kind]) return false;
    this.#waitingBytes += bytes;
    return true;
  }

  /** Notes that bytes wait no longer. */
  release(bytes: number): void {
    this.#waitingBytes -= bytes;
  }

  /** Runs a job when those before it are done. What it rejects with goes to `onRejected`, and the jobs after it run all the same. */
  queue(job: () => Promise<void>, onRejected: (error: unknown) => Promise<void>): void {
    this.#jobs = this.#jobs.then(job).catch(onRejected);
  }

  /** Resolves when all that is queued has been written, or after `msMax`: a disk that hangs must not hold up a shutdown. */
  async settled(msMax: number): Promise<void> {
    await within(this.#jobs, msMax);
  }
}
