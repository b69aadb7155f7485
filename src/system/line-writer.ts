import { writeSync } from 'node:fs';

/** Some five thousand lines. A reader that is this far behind has stopped. */
const waitingBytesMax = 1024 * 1024;

/** A pipe holds 64 kB, so a reader that keeps up gets more than a megabyte a second even if it was behind. */
const retryMs = 50;

/** The next process waits for the end of this one, and a reader that lives takes a full queue in much less. */
const flushMsMax = 1_000;

/**
 * Writes lines to a descriptor that does not block. A reader that keeps up gets each line at once, so that nothing is left behind by a
 * process that dies. What a reader does not take waits in its order, within a bound. Beyond that lines are lost until all that waits is
 * written, and then a line says how many. No reader is too slow and no error so grave that the caller of `write` would notice.
 */
export class LineWriter {
  readonly #descriptor: number;
  readonly #lossLine: (lines: number) => string;
  /** The first may be written in part. */
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #lostLines = 0;
  #lostLinesEver = 0;
  #retry: NodeJS.Timeout | null = null;

  /** `lossLine` makes the line that says how many were lost. */
  constructor(descriptor: number, lossLine: (lines: number) => string) {
    this.#descriptor = descriptor;
    this.#lossLine = lossLine;
  }

  /** How many lines were lost since the start. */
  get lostLinesEver(): number {
    return this.#lostLinesEver;
  }

  /** Writes a line or lets it wait. It ends with a line break. */
  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#lostLines > 0 || this.#waitingBytes + bytes.length > waitingBytesMax) {
      this.#lostLines += 1;
      this.#lostLinesEver += 1;
    } else this.#add(bytes);
    if (this.#retry === null) this.#writeOrRetry();
  }

  /** Writes what waits before the process ends. Blocks, for at most `msMax`. */
  flush(msMax = flushMsMax): void {
    const untilMs = performance.now() + msMax;
    const nobody = new Int32Array(new SharedArrayBuffer(4));
    while (!this.#writeWaiting() && performance.now() < untilMs) Atomics.wait(nobody, 0, 0, retryMs);
  }

  #add(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  #writeOrRetry(): void {
    this.#retry = this.#writeWaiting() ? null : setTimeout(() => this.#writeOrRetry(), retryMs).unref();
  }

  /** Returns whether nothing waits any more. */
  #writeWaiting(): boolean {
    for (;;) {
      const first = this.#waiting[0];
      if (first === undefined) {
        if (this.#lostLines === 0) return true;
        this.#add(Buffer.from(this.#lossLine(this.#lostLines)));
        this.#lostLines = 0;
      } else {
        const written = this.#tryToWrite(first);
        if (written === null) return false;
        this.#waitingBytes -= written;
        if (written === first.length) this.#waiting.shift();
        else this.#waiting[0] = first.subarray(written);
      }
    }
  }

  /** How many bytes were taken; null when none can be taken at this time, be it for a full pipe, a full disk, or a reader that is gone. */
  #tryToWrite(bytes: Uint8Array): number | null {
    try {
      return writeSync(this.#descriptor, bytes);
    } catch {
      return null;
    }
  }
}

/** The writer of standard output. What waits is written when the process exits, whatever ends it but a signal. */
export function standardOutput(lossLine: (lines: number) => string): LineWriter {
  unblock(process.stdout);
  const writer = new LineWriter(1, lossLine);
  process.once('exit', () => writer.flush());
  return writer;
}

/** Files never block for a reader. Node opens pipes so that they do not either, but terminals so that they do, and has no public switch. */
function unblock(stream: NodeJS.WriteStream): void {
  const handle: unknown = Reflect.get(stream, '_handle');
  if (typeof handle === 'object' && handle !== null && 'setBlocking' in handle) {
    if (typeof handle.setBlocking === 'function') handle.setBlocking(false);
  }
}
