import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { fileFault, JournalFile } from './journal-file.ts';
import type { JournalAnswer, JournalFileSettings, JournalJob, JournalReply, JournalRequest } from '../journal-job.ts';
import type { JournalStore } from '../journal-store.ts';

// The thread that has the journal's file. SQLite makes its caller wait for the disk, and the thread of the calls must not wait.

const settings: JournalFileSettings = workerData;
const file = new JournalFile(settings);

/** Ends when all that was asked for until now has been answered. */
let answered = Promise.resolve();

parentPort?.on('message', (request: JournalRequest) => {
  answered = answer(request, answered);
});

// Kept for the next start, now that all is loaded: this thread does not end in order when the service is killed.
flushCompileCache();

/** One job is done after the other. Never rejects. */
async function answer({ id, job }: JournalRequest, before: Promise<void>): Promise<void> {
  await before;
  const reply: JournalReply = { id, answer: await answerTo(job), renewal: file.takeRenewal() };
  parentPort?.postMessage(reply, []);
}

async function answerTo(job: JournalJob): Promise<JournalAnswer> {
  try {
    if (job.kind !== 'close') return await file.use((store) => perform(job, store));
    file.close();
    return { kind: 'count', count: 0 };
  } catch (error) {
    return { kind: 'failed', code: fileFault(error), why: error instanceof Error ? error.message : String(error) };
  }
}

async function perform(job: Exclude<JournalJob, { kind: 'close' }>, store: JournalStore): Promise<JournalAnswer> {
  switch (job.kind) {
    case 'write':
      return { kind: 'written', refusedHolds: await store.write(job.items) };
    case 'read':
      return { kind: 'call', call: await store.read(job.callSid) };
    case 'takeOver':
      return { kind: 'call', call: await store.takeOver(job.callSid, job.hold, job.atMs) };
    case 'unfinished':
      return { kind: 'calls', calls: await store.unfinished() };
    case 'closeUnfinished':
      return { kind: 'count', count: await store.closeUnfinished(job.beforeMs, job.atMs, job.reason) };
    case 'tell':
      return { kind: 'count', count: await store.tell() };
    case 'prune':
      return { kind: 'count', count: await store.prune(job.beforeMs) };
  }
}
