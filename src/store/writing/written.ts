import type { JournalItem } from '../journal-job.ts';
import type { JournalStore } from '../journal-store.ts';

/** What came of a write, but for what is wrong with the database itself. */
interface Written {
  readonly refusedHolds: readonly number[];
  readonly unfit?: readonly string[];
}

/** Has a store write items. Rejects as it does. */
export async function written(store: JournalStore, items: readonly JournalItem[]): Promise<Written> {
  const unfit: string[] = [];
  const refusedHolds = await store.write(items, (error) => {
    unfit.push(error instanceof Error ? error.message : String(error));
  });
  return unfit.length === 0 ? { refusedHolds } : { refusedHolds, unfit };
}
