import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { cannotBeRead, ParleyError } from '../../errors.ts';
import type { SoundBytes } from '../read-log.ts';
import type { LogSource } from './build-timeline.ts';

const blockBytes = 1024 * 1024;

/** A step of a call that holds much more is damaged: the lines of a recap and of a tool's answer are bounded. */
const lineCharsMax = 4_000_000;

/** How much of an audio file is kept at hand. Sound is read in the order in which it came, but for recordings that store it once. */
const windowBytes = 8 * 1024 * 1024;

/** Lets `use` read a log from the disk piece by piece, so that its size does not matter. Throws `log.invalid` for a file that cannot be read. */
export function withLogFile<Result>(path: string, use: (source: LogSource) => Result): Result {
  const audioPath = path.replace(/\.jsonl$/, '.audio');
  if (audioPath === path) throw new ParleyError('log.invalid', `${path}: the name of a call log ends in .jsonl.`);
  const lines = opened(path);
  const audio = existsSync(audioPath) ? opened(audioPath) : null;
  try {
    const reader = new LineReader(lines);
    return use({
      lines: reader.lines(),
      isWhole: () => reader.isWhole,
      audio: audio === null ? null : new SoundFile(audio),
    });
  } catch (error) {
    // Only the disk's own refusals have a code.
    if (error instanceof ParleyError || !(error instanceof Error && 'code' in error)) throw error;
    throw new ParleyError('log.invalid', `${path} ${cannotBeRead(error)}.`);
  } finally {
    closeSync(lines);
    if (audio !== null) closeSync(audio);
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new ParleyError('log.invalid', `${path} ${cannotBeRead(error)}.`);
  }
}

class LineReader {
  readonly #file: number;
  #isWhole = true;

  constructor(file: number) {
    this.#file = file;
  }

  /** Whether the last line ended. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  *lines(): Generator<string> {
    const decoder = new StringDecoder('utf8');
    const block = Buffer.alloc(blockBytes);
    let rest = '';
    for (;;) {
      const bytes = readSync(this.#file, block, 0, blockBytes, null);
      if (bytes === 0) break;
      const lines = (rest + decoder.write(block.subarray(0, bytes))).split('\n');
      // The end of a line that is too long is no JSON, and so its end is told.
      rest = (lines.pop() ?? '').slice(0, lineCharsMax);
      yield* lines;
    }
    this.#isWhole = rest === '';
  }
}

class SoundFile implements SoundBytes {
  readonly length: number;
  readonly #file: number;
  #window: Uint8Array = new Uint8Array();
  #from = 0;

  constructor(file: number) {
    this.#file = file;
    this.length = fstatSync(file).size;
  }

  subarray(from = 0, to = this.length): Uint8Array {
    const end = Math.min(to, this.length);
    if (from >= end) return new Uint8Array();
    if (from < this.#from || end > this.#from + this.#window.length) this.#load(from, end - from);
    return this.#window.subarray(from - this.#from, end - this.#from);
  }

  /** Every window is memory of its own: what was given out of the last one stays as it is. */
  #load(from: number, bytes: number): void {
    const window = Buffer.alloc(Math.min(Math.max(bytes, windowBytes), this.length - from));
    const read = readSync(this.#file, window, 0, window.length, from);
    this.#window = window.subarray(0, read);
    this.#from = from;
  }
}
