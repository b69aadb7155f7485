import { parentPort } from 'node:worker_threads';
import { runDialogueBatch, type DialogueBatch } from './batch.ts';

// One thread of a long run: takes batches and gives their results.
parentPort?.on('message', (batch: DialogueBatch) => parentPort?.postMessage(runDialogueBatch(batch), []));
