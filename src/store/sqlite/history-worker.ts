import { parentPort, workerData } from 'node:worker_threads';
import { ParleyError } from '../../errors.ts';
import { HistoryFile } from './history-file.ts';
import type { HistoryJobAnswer, HistoryJob, HistoryReply, HistoryRequest } from './history-job.ts';

// The thread that reads the history. A search looks through a large file, and neither calls nor the journal's writes may wait for it.

const file = new HistoryFile(String(workerData));

/** Ends when all that was asked for until now has been answered. */
let answered = Promise.resolve();

parentPort?.on('message', (request: HistoryRequest) => {
  answered = answer(request, answered);
});

/** One question is answered after the other. Never rejects. */
async function answer({ id, job }: HistoryRequest, before: Promise<void>): Promise<void> {
  await before;
  const reply: HistoryReply = { id, answer: await answerTo(job) };
  parentPort?.postMessage(reply, []);
}

async function answerTo(job: HistoryJob): Promise<HistoryJobAnswer> {
  try {
    if (job.kind === 'list') return { kind: 'page', page: await file.list(job.query, job.place) };
    return { kind: 'story', story: await file.find(job.callSid) };
  } catch (error) {
    const code = error instanceof ParleyError ? error.code : 'journal.unusable';
    return { kind: 'failed', code, why: error instanceof Error ? error.message : String(error) };
  }
}
