import type { JournalFileSettings } from '../journal-job.ts';
import type { JournalPlace } from '../thread/serve-journal.ts';
import { written } from '../writing/written.ts';
import { fileFault, JournalFile } from './journal-file.ts';

/** The journal's file, as a place for the jobs of a journal. */
export function filePlace(settings: JournalFileSettings): JournalPlace {
  const file = new JournalFile(settings);
  return {
    use: (work) => file.use(work),
    write: async ({ items }) => ({ kind: 'written', ...(await file.use((store) => written(store, items))) }),
    takeRenewal: () => file.takeRenewal(),
    close: async () => file.close(),
    fault: (error) => ({ code: fileFault(error), why: error instanceof Error ? error.message : String(error) }),
  };
}
