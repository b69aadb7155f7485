import { parentPort } from 'node:worker_threads';
import { ParleyError } from '../../errors.ts';
import type { CallHistory } from '../history/call-history.ts';
import type { HistoryJobAnswer, HistoryJob, HistoryReply, HistoryRequest } from './history-job.ts';

/** Has a thread answer what the main thread asks of the history, one question after the other. */
export function serveHistory(history: CallHistory): void {
  /** Ends when all that was asked for until now has been answered. Never rejects. */
  let answered = Promise.resolve();
  parentPort?.on('message', (request: HistoryRequest) => {
    answered = answer(history, request, answered);
  });
}

async function answer(history: CallHistory, { id, job }: HistoryRequest, before: Promise<void>): Promise<void> {
  await before;
  const reply: HistoryReply = { id, answer: await answerTo(history, job) };
  parentPort?.postMessage(reply, []);
}

async function answerTo(history: CallHistory, job: HistoryJob): Promise<HistoryJobAnswer> {
  try {
    if (job.kind === 'list') return { kind: 'page', page: await history.list(job.query, job.place) };
    return { kind: 'story', story: await history.find(job.callSid) };
  } catch (error) {
    const code = error instanceof ParleyError ? error.code : 'journal.unusable';
    return { kind: 'failed', code, why: error instanceof Error ? error.message : String(error) };
  }
}
