import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';

/** A pipe of the system, which the test reads when it wants to. */
export class Pipe {
  readonly folder: string;
  readonly path: string;
  #reading: number | null;
  readonly #writing: number[] = [];

  private constructor(folder: string) {
    this.folder = folder;
    this.path = join(folder, 'pipe');
    execFileSync('mkfifo', [this.path]);
    this.#reading = openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
  }

  static open({ onTestFinished }: TestContext): Pipe {
    const pipe = new Pipe(mkdtempSync(join(tmpdir(), 'parley-')));
    onTestFinished(() => {
      pipe.close();
      rmSync(pipe.folder, { recursive: true });
    });
    return pipe;
  }

  /** A descriptor to write to. A shell gives a program one that blocks for its standard output. */
  end(kind: 'blocks' | 'nonblocking'): number {
    const descriptor = openSync(this.path, constants.O_WRONLY | (kind === 'blocks' ? 0 : constants.O_NONBLOCK));
    this.#writing.push(descriptor);
    return descriptor;
  }

  /** Fills the pipe with empty lines, so that it takes nothing until it is read. */
  fill(): void {
    const descriptor = this.end('nonblocking');
    try {
      for (;;) writeSync(descriptor, '\n');
    } catch {
      // It is full.
    }
  }

  startReading(): void {
    this.#reading = openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
  }

  stopReading(): void {
    if (this.#reading !== null) closeSync(this.#reading);
    this.#reading = null;
  }

  /** Everything that is in the pipe. */
  read(): string {
    const bytes = Buffer.alloc(64 * 1024);
    const parts: Buffer[] = [];
    for (;;) {
      const count = this.#tryToRead(bytes);
      if (count === 0) return Buffer.concat(parts).toString();
      parts.push(Buffer.from(bytes.subarray(0, count)));
    }
  }

  #tryToRead(into: Buffer): number {
    try {
      return this.#reading === null ? 0 : readSync(this.#reading, into);
    } catch {
      return 0;
    }
  }

  close(): void {
    this.stopReading();
    for (const descriptor of this.#writing.splice(0)) closeSync(descriptor);
  }
}
