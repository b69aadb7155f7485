import { ParleyError } from '../../errors.ts';
import { type LogHeader } from '../log-format.ts';
import { type RecordedStep, readHeader, readLogLine, type SoundBytes } from '../read-log.ts';

/** Damage lies mostly in one place, and whoever reads of it needs to know where that begins. */
const problemsMax = 2;

/**
 * Reads a log line by line and goes on where `readLog` gives up: what can be read is given, and what is missing is said. Times that go
 * back are held where they were.
 */
export class Salvage {
  readonly #audio: SoundBytes;
  readonly #hasAudio: boolean;
  readonly #msMax: number;
  readonly #problems: string[] = [];
  #header: LogHeader | null = null;
  #line = 0;
  #unread = 0;
  /** Why the log ends before its call. */
  #ending: string | null = null;
  #late = 0;
  #atMs = 0;
  #soundIsDropped = false;
  #soundIsShort = false;

  /** `audio` is null when there is no such file. Steps later than `msMax` are left out. */
  constructor(audio: SoundBytes | null, msMax: number) {
    const file = audio ?? new Uint8Array();
    this.#hasAudio = audio !== null;
    this.#msMax = msMax;
    this.#audio = {
      length: Infinity,
      subarray: (from = 0, to = from) => {
        const piece = file.subarray(from, to);
        this.#soundIsShort ||= piece.length < to - from;
        return piece;
      },
    };
  }

  /** Null until the first line was read, and when that is no header. */
  get header(): LogHeader | null {
    return this.#header;
  }

  /** What is missing, one sentence each. */
  get missing(): string[] {
    const more = this.#unread - this.#problems.length;
    return [
      ...this.#problems,
      ...(more > 0 ? [`${more} more ${more === 1 ? 'line' : 'lines'} cannot be read.`] : []),
      ...(this.#ending === null ? [] : [this.#ending]),
      ...(this.#late > 0 ? [`What came later than ${this.#msMax / 3_600_000} hours is left out.`] : []),
      ...(this.#soundIsDropped ? ['Some sound was dropped while the call was recorded: it is silent here.'] : []),
      ...(this.#soundIsShort && this.#hasAudio ? ['The audio file is too short: sound is missing.'] : []),
      ...(this.#hasAudio ? [] : ['There is no audio file beside the log: the call is shown without its sound.']),
    ];
  }

  /** Takes the next line. Returns its step, or null if it holds none. */
  take(source: string): RecordedStep | null {
    this.#line += 1;
    try {
      if (this.#line === 1) return this.#begins(source);
      const read = readLogLine(source, this.#line, this.#audio);
      if ('cut' in read) {
        this.#ending = `The log ends before its call: ${read.cut}.`;
        return null;
      }
      this.#soundIsDropped ||= read.isMissing;
      return this.#timed(read.step);
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      return this.#failed(error.message);
    }
  }

  /** The log is over. `isWhole`: its last line is. */
  end(isWhole: boolean, callIsOver: boolean): void {
    if (this.#line === 0) this.#ending = 'The log is empty.';
    else if (!isWhole) this.#ending = 'The log is cut off in the middle of its last line.';
    else if (!callIsOver)
      this.#ending ??=
        'The log ends before its call: that goes on, the process was stopped, or another one took the call over.';
  }

  #begins(source: string): null {
    this.#header = readHeader(source);
    return null;
  }

  #failed(problem: string): null {
    this.#unread += 1;
    if (this.#problems.length < problemsMax) this.#problems.push(capitalized(problem));
    return null;
  }

  #timed(step: RecordedStep): RecordedStep | null {
    const atMs = Math.max(this.#atMs, step.event.atMs);
    if (atMs > this.#msMax) {
      this.#late += 1;
      return null;
    }
    this.#atMs = atMs;
    return atMs === step.event.atMs ? step : { ...step, event: { ...step.event, atMs } };
  }
}

function capitalized(sentence: string): string {
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}
