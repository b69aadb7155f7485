import { parentPort } from 'node:worker_threads';
import { runTalkBatch, type TalkBatch } from './batch.ts';

// One thread of a long run: takes batches and gives their results.
parentPort?.on('message', (batch: TalkBatch) => parentPort?.postMessage(runTalkBatch(batch), []));
