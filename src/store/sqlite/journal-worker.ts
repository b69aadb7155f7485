import { parentPort, workerData } from 'node:worker_threads';
import { fileFault, JournalFile } from './journal-file.ts';
import type { JournalAnswer, JournalFileSettings, JournalJob, JournalReply, JournalRequest } from '../journal-job.ts';
import type { JournalStore } from './journal-store.ts';

// The thread that has the journal's file. SQLite makes its caller wait for the disk, which the thread of the calls must not.

const settings: JournalFileSettings = workerData;
const file = new JournalFile(settings);

parentPort?.on('message', ({ id, job }: JournalRequest) => {
  const answer = answerTo(job);
  const reply: JournalReply = { id, answer, renewal: file.takeRenewal() };
  parentPort?.postMessage(reply, []);
});

function answerTo(job: JournalJob): JournalAnswer {
  try {
    if (job.kind !== 'close') return file.use((store) => perform(job, store));
    file.close();
    return { kind: 'count', count: 0 };
  } catch (error) {
    return { kind: 'failed', code: fileFault(error), why: error instanceof Error ? error.message : String(error) };
  }
}

function perform(job: Exclude<JournalJob, { kind: 'close' }>, store: JournalStore): JournalAnswer {
  switch (job.kind) {
    case 'write':
      return { kind: 'written', refusedHolds: store.write(job.items) };
    case 'read':
      return { kind: 'call', call: store.read(job.callSid) };
    case 'takeOver':
      return { kind: 'call', call: store.takeOver(job.callSid, job.hold, job.atMs) };
    case 'unfinished':
      return { kind: 'calls', calls: store.unfinished() };
    case 'closeUnfinished':
      return { kind: 'count', count: store.closeUnfinished(job.beforeMs, job.atMs, job.reason) };
    case 'prune':
      return { kind: 'count', count: store.prune(job.beforeMs) };
  }
}
