import { parentPort } from 'node:worker_threads';
import { type Batch, runBatch } from './batch.ts';

// One thread of a long simulation: takes batches and gives their results.
parentPort?.on('message', (batch: Batch) => parentPort?.postMessage(runBatch(batch), []));
