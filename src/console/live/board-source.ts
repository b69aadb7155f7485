import type { CallPicture } from './picture/call-picture.ts';
import type { Board, BoardSummary } from './board.ts';
import type { FeedSource } from './feed.ts';
import type { LiveCalls } from './live-calls.ts';
import type { LiveCall } from './picture/live-call.ts';

/** A row as it was told last. */
interface ToldRow {
  readonly changes: number;
  readonly speaks: string;
}

/** What the board is told from. */
export interface BoardSourceParts {
  readonly calls: LiveCalls;
  readonly summary: () => BoardSummary;
  readonly unixMs: () => number;
}

/** The board: a row for each call, and what stands beside them. */
export class BoardSource implements FeedSource {
  readonly #parts: BoardSourceParts;
  readonly #told = new Map<CallPicture, ToldRow>();
  readonly #toldEnded = new WeakSet<CallPicture>();
  #toldSummary = '';

  constructor(parts: BoardSourceParts) {
    this.#parts = parts;
  }

  snapshot(): string {
    const { calls, summary, unixMs } = this.#parts;
    const board: Board = {
      nowMs: unixMs(),
      calls: rows(calls.live),
      ended: rows(calls.ended),
      summary: summary(),
    };
    return JSON.stringify(board);
  }

  change(): string | null {
    const calls = this.#changed();
    const ended = this.#ended();
    const summary = this.#changedSummary();
    if (calls.length === 0 && ended.length === 0 && summary === '') return null;
    return `{"calls":[${calls.join(',')}],"ended":[${ended.join(',')}]${summary === '' ? '' : `,"summary":${summary}`}}`;
  }

  #changed(): readonly string[] {
    return this.#parts.calls.live.flatMap((picture) => {
      const { changes, speaks } = picture;
      const told = this.#told.get(picture);
      if (told?.changes === changes && told.speaks === speaks) return [];
      this.#told.set(picture, { changes, speaks });
      return [JSON.stringify(picture.row)];
    });
  }

  /** A call may have come and gone since the last time. */
  #ended(): readonly string[] {
    const { live, ended } = this.#parts.calls;
    const isLive = new Set(live);
    const gone = [...this.#told.keys()].filter((picture) => !isLive.has(picture));
    const untold = ended.filter((picture) => !this.#toldEnded.has(picture));
    for (const picture of gone) this.#told.delete(picture);
    for (const picture of untold) this.#toldEnded.add(picture);
    return [...new Set([...gone, ...untold])].map(({ row }) => JSON.stringify(row));
  }

  #changedSummary(): string {
    const summary = JSON.stringify(this.#parts.summary());
    if (summary === this.#toldSummary) return '';
    this.#toldSummary = summary;
    return summary;
  }
}

function rows(pictures: readonly CallPicture[]): readonly LiveCall[] {
  return pictures.map(({ row }) => row);
}
