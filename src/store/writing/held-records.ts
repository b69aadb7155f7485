import type { JournalItem } from '../journal-job.ts';
import { CallRecord } from './call-record.ts';

/** Since when, in Unix time in ms. */
interface Since {
  readonly startedAtMs: number;
  readonly heldSinceMs: number;
}

/** The records that this process writes, each by its hold on a call, until the call has ended or another process has it. */
export class HeldRecords {
  readonly #now: () => number;
  readonly #write: (item: JournalItem) => void;
  readonly #records = new Map<number, CallRecord>();
  #holds = 0;

  constructor(now: () => number, write: (item: JournalItem) => void) {
    this.#now = now;
    this.#write = write;
  }

  /** The number of another hold on a call. */
  nextHold(): number {
    this.#holds += 1;
    return this.#holds;
  }

  /** Begins the record of a hold. `onFenced` is called when this process loses the call. */
  begin(callSid: string, hold: number, since: Since, onFenced: () => void): CallRecord {
    const write = (item: JournalItem): void => {
      this.#write(item);
      if (item.kind === 'ended') this.#records.delete(hold);
    };
    const record = new CallRecord({ callSid, hold, ...since, now: this.#now, write, onFenced });
    this.#records.set(hold, record);
    return record;
  }

  /** Another process has the call of a hold. */
  fence(hold: number): void {
    this.#records.get(hold)?.fence();
    this.#records.delete(hold);
  }

  /** Writes something of each call once more, so that this process hears of those that it has lost. */
  repeatLast(): void {
    for (const record of this.#records.values()) record.repeatLast();
  }

  /** Writes all that a new file must hold of each call. */
  repeat(): void {
    for (const record of this.#records.values()) record.repeat();
  }
}
