import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ParleyError } from '../../errors.ts';
import type { JournalItem } from '../journal-job.ts';
import { isFullDisk } from '../sqlite-fault.ts';
import { OutboxFile } from './outbox-file.ts';

/** Entries that waited, of one process. */
export interface WaitingEntries {
  readonly process: string;
  readonly items: readonly JournalItem[];
  /** The database has them. */
  readonly forget: () => void;
}

/**
 * Entries that wait for the database on the disk: those of this process, and those that a process left which is gone. They are given back in
 * the order in which they came. Throws a `ParleyError` of the journal when a file cannot be used; it is let be then.
 */
export class EntryOutbox {
  readonly #place: string;
  readonly #process: string;
  /** By process. */
  readonly #files = new Map<string, OutboxFile>();

  /** The files are at `place`, each with the name of its process behind. */
  constructor(place: string, process: string) {
    this.#place = place;
    this.#process = process;
  }

  /** How many entries wait. */
  get count(): number {
    return [...this.#files.values()].reduce((sum, { count }) => sum + count, 0);
  }

  put(items: readonly JournalItem[]): void {
    this.#use(this.#process, () => {
      const file = this.#files.get(this.#process) ?? new OutboxFile(this.#fileOf(this.#process));
      this.#files.set(this.#process, file);
      file.put(items);
    });
  }

  /** Looks for what processes left that are gone. What is open elsewhere, or cannot be opened, is let be. */
  adopt(): void {
    const start = basename(this.#fileOf(''));
    for (const name of namesIn(dirname(this.#place))) {
      const process = name.startsWith(start) && !name.endsWith('-journal') ? name.slice(start.length) : '';
      if (process === '' || this.#files.has(process)) continue;
      try {
        this.#files.set(process, new OutboxFile(this.#fileOf(process)));
      } catch {
        // Its process lives, or a person should look at it.
      }
    }
  }

  /** The oldest entries of some process; null when none wait. */
  oldest(): WaitingEntries | null {
    for (const [process, file] of this.#files) {
      const found = this.#use(process, () => file.oldest());
      if (found !== null) return { process, items: found.items, forget: () => this.#forget(process, file, found.upTo) };
      this.#files.delete(process);
      file.close();
    }
    return null;
  }

  close(): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
  }

  #forget(process: string, file: OutboxFile, upTo: number): void {
    this.#use(process, () => file.forget(upTo));
    if (file.count === 0) this.#files.delete(process);
  }

  #use<Result>(process: string, work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      this.#files.get(process)?.close();
      this.#files.delete(process);
      const why = error instanceof Error ? error.message : String(error);
      throw new ParleyError(
        isFullDisk(error) ? 'journal.full' : 'journal.unusable',
        `The database is away, and ${this.#fileOf(process)}, where entries would wait, cannot be used: ${why}`,
      );
    }
  }

  #fileOf(process: string): string {
    return join(dirname(this.#place), `${basename(this.#place)}.outbox-${process}`);
  }
}

/** Where no folder is, nobody has left anything. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
