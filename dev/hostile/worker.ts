import { parentPort } from 'node:worker_threads';
import { type HostileBatch, runHostileBatch } from './hostile-run.ts';

// One thread of a long run: takes batches and gives their results.
parentPort?.on('message', (batch: HostileBatch) => parentPort?.postMessage(runHostileBatch(batch), []));
