import { flushCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';
import type { JournalFileSettings } from '../journal-job.ts';
import { serveJournal } from '../thread/serve-journal.ts';
import { fileFault, JournalFile } from './journal-file.ts';

// The thread that has the journal's file. SQLite makes its caller wait for the disk, and the thread of the calls must not wait.

const settings: JournalFileSettings = workerData;
const file = new JournalFile(settings);

serveJournal({
  use: (work) => file.use(work),
  write: async ({ items }) => ({ kind: 'written', refusedHolds: await file.use((store) => store.write(items)) }),
  takeRenewal: () => file.takeRenewal(),
  close: async () => file.close(),
  fault: (error) => ({ code: fileFault(error), why: error instanceof Error ? error.message : String(error) }),
});

// Kept for the next start, now that all is loaded: this thread does not end in order when the service is killed.
flushCompileCache();
