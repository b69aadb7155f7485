import { workerData } from 'node:worker_threads';
import { serveHistory } from '../thread/serve-history.ts';
import { HistoryFile } from './history-file.ts';

// The thread that reads the history. A search looks through a large file, and neither calls nor the journal's writes may wait for it.

serveHistory(new HistoryFile(String(workerData)));
