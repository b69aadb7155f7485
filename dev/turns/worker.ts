import { parentPort } from 'node:worker_threads';
import { runTurns, type TurnsOrder } from './turns-batch.ts';

// One thread of a long run: takes calls and gives what became of them.
parentPort?.on('message', (order: TurnsOrder) => parentPort?.postMessage(runTurns(order), []));
