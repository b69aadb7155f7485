import { flushCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';
import type { JournalFileSettings } from '../journal-job.ts';
import { serveJournal } from '../thread/serve-journal.ts';
import { filePlace } from './file-place.ts';

// The thread that has the journal's file. SQLite makes its caller wait for the disk, and the thread of the calls must not wait.

const settings: JournalFileSettings = workerData;

serveJournal(filePlace(settings));

// Kept for the next start, now that all is loaded: this thread does not end in order when the service is killed.
flushCompileCache();
