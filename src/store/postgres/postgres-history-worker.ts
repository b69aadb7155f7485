import { workerData } from 'node:worker_threads';
import { serveHistory } from '../thread/serve-history.ts';
import { PostgresHistory } from './postgres-history.ts';

// The thread that reads the history. The driver and the builder of queries are loaded here, when somebody looks.

serveHistory(new PostgresHistory(String(workerData)));
