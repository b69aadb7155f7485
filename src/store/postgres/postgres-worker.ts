import { flushCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';
import { serveJournal } from '../thread/serve-journal.ts';
import { PostgresPlace, type PostgresSettings } from './postgres-place.ts';

// The thread that has the connection to the database. The thread of the calls writes no rows and reads none: it has their sound.

const settings: PostgresSettings = workerData;

serveJournal(new PostgresPlace(settings));

// Kept for the next start, now that all is loaded: this thread does not end in order when the service is killed.
flushCompileCache();
