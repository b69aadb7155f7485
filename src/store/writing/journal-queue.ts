import type { JournalItem } from '../journal-job.ts';

/** What may wait. */
export interface QueueBounds {
  readonly items: number;
  readonly bytes: number;
}

/**
 * How many are written in one transaction. After a long failure the file catches up in steps, so that reads and new calls come in between.
 */
const batch: QueueBounds = { items: 2_000, bytes: 2 * 1024 * 1024 };

/** Room is made for some more than is asked, so that not every entry of a long failure looks through the whole queue. */
const spareShare = 0.1;

/** What an item takes beside its text, in memory. */
const itemBytes = 200;

/** Entries on their way to the file, bounded. When it is full, what was said is dropped first, the oldest before the newer. */
export class JournalQueue {
  readonly #max: QueueBounds;
  #items: JournalItem[] = [];
  #bytes = 0;
  #dropped = 0;

  constructor(max: QueueBounds) {
    this.#max = max;
  }

  get length(): number {
    return this.#items.length;
  }

  /** How many entries were dropped, ever. */
  get dropped(): number {
    return this.#dropped;
  }

  holds(callSid: string): boolean {
    return this.#items.some((item) => item.callSid === callSid);
  }

  push(item: JournalItem): void {
    const bytes = bytesOf(item);
    if (!this.#hasRoom(1, bytes)) this.#makeRoom(bytes);
    if (this.#hasRoom(1, bytes)) {
      this.#items.push(item);
      this.#bytes += bytes;
    } else {
      this.#dropped += 1;
    }
  }

  /** Takes the oldest out. */
  take(): readonly JournalItem[] {
    let bytes = 0;
    let count = 0;
    for (const item of this.#items.slice(0, batch.items)) {
      if (count > 0 && bytes + bytesOf(item) > batch.bytes) break;
      bytes += bytesOf(item);
      count += 1;
    }
    this.#bytes -= bytes;
    return this.#items.splice(0, count);
  }

  /** Puts back what was taken and not written. */
  giveBack(items: readonly JournalItem[]): void {
    this.#items = [...items, ...this.#items];
    this.#bytes += items.reduce((sum, item) => sum + bytesOf(item), 0);
    if (!this.#hasRoom(0, 0)) this.#makeRoom(0);
  }

  /** Drops the entries of a hold that has lost its call. */
  remove(hold: number): void {
    this.#keep((item) => item.hold !== hold);
  }

  #hasRoom(items: number, bytes: number): boolean {
    return this.#items.length + items <= this.#max.items && this.#bytes + bytes <= this.#max.bytes;
  }

  #makeRoom(bytes: number): void {
    // Nothing is lost with the earlier ones: the last one counts.
    const last = new Map(this.#items.filter(isReplaceable).map((item) => [replaceKey(item), item]));
    this.#keep((item) => !isReplaceable(item) || last.get(replaceKey(item)) === item);
    let itemsLeft = this.#items.length;
    const itemsGoal = this.#max.items * (1 - spareShare);
    const bytesGoal = this.#max.bytes * (1 - spareShare) - bytes;
    this.#keep((item) => {
      if (isEssential(item) || (itemsLeft <= itemsGoal && this.#bytes <= bytesGoal)) return true;
      itemsLeft -= 1;
      this.#dropped += 1;
      return false;
    });
  }

  #keep(isKept: (item: JournalItem) => boolean): void {
    this.#items = this.#items.filter((item) => {
      const kept = isKept(item);
      if (!kept) this.#bytes -= bytesOf(item);
      return kept;
    });
  }
}

function replaceKey({ hold, kind }: JournalItem): string {
  return `${hold} ${kind}`;
}

function isReplaceable({ kind }: JournalItem): boolean {
  return kind === 'state' || kind === 'callee' || kind === 'handle' || kind === 'figures';
}

/** What a call cannot be restored, closed or told of without. */
function isEssential(item: JournalItem): boolean {
  return isReplaceable(item) || ['accepted', 'agent', 'context', 'outcome', 'ended'].includes(item.kind);
}

function bytesOf({ json }: JournalItem): number {
  return itemBytes + 2 * json.length;
}
