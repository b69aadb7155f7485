import type { Readable } from 'node:stream';
import { shortText } from '../encoding/short-text.ts';
import type { Clock } from '../system/clock.ts';
import { TokenBucket } from '../system/token-bucket.ts';

/** A process that writes faster waits for us, and we read no faster: a flood must not keep the calls waiting. */
const bytesPerLookMax = 64 * 1024;
const lookMs = 250;

/** Enough for a stack of each kind. Beyond, lines are counted. */
const lineRate = { burst: 100, perSecond: 10 };

const lineCharsMax = 1_000;

/** Who reads what a process writes. */
interface LineReader {
  readonly onLine: (line: string) => void;
  /** So many lines were left out since the last one. */
  readonly onLost: (lines: number) => void;
}

/** Reads the lines that a process writes, at a bounded pace. */
export function readOutputLines(stream: Readable, clock: Clock, { onLine, onLost }: LineReader): void {
  const bucket = new TokenBucket(clock, lineRate);
  let bytes = 0;
  let begun = '';
  let lost = 0;
  const take = (line: string): void => {
    if (line.trim() === '') return;
    if (!bucket.take(1)) {
      lost += 1;
      return;
    }
    if (lost > 0) onLost(lost);
    lost = 0;
    onLine(shortText(line, lineCharsMax));
  };
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const [first = '', ...more] = text.split('\n');
    const last = more.pop();
    // What is longer than a line is cut off, and its rest is not kept.
    const whole = shortText(begun + first, lineCharsMax);
    if (last === undefined) begun = whole;
    else {
      for (const line of [whole, ...more]) take(line);
      begun = last;
    }
    bytes += text.length;
    if (bytes < bytesPerLookMax) return;
    stream.pause();
    clock.lazily(lookMs, () => {
      bytes = 0;
      stream.resume();
    });
  });
  stream.once('end', () => {
    take(begun);
    if (lost > 0) onLost(lost);
  });
  // A process that dies may break its pipes. That it has died is told elsewhere.
  stream.on('error', () => {});
}
