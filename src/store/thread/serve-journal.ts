import { parentPort } from 'node:worker_threads';
import type { ErrorCode } from '../../errors.ts';
import type { JournalAnswer, JournalJob, JournalRenewal, JournalReply, JournalRequest } from '../journal-job.ts';
import type { JournalStore } from '../journal-store.ts';

/** Where a thread keeps the journal. */
export interface JournalPlace {
  /** Does some work with the store, which is opened when it is needed. The next work does not begin before this one has ended. May reject. */
  use<Result>(work: (store: JournalStore) => Promise<Result>): Promise<Result>;
  /** Writes what is to be written. May reject. */
  write(job: Extract<JournalJob, { kind: 'write' }>): Promise<JournalAnswer>;
  /** Says once that the store was begun anew. */
  takeRenewal(): JournalRenewal | null;
  close(): Promise<void>;
  /** What an error of this place means. */
  fault(error: unknown): { readonly code: ErrorCode; readonly why: string };
}

/** Has a thread do the jobs of the main thread, one after the other. */
export function serveJournal(place: JournalPlace): void {
  /** Ends when all that was asked for until now has been answered. Never rejects. */
  let answered = Promise.resolve();
  parentPort?.on('message', (request: JournalRequest) => {
    answered = answer(place, request, answered);
  });
}

async function answer(place: JournalPlace, { id, job }: JournalRequest, before: Promise<void>): Promise<void> {
  await before;
  const reply: JournalReply = { id, answer: await answerJob(place, job), renewal: place.takeRenewal() };
  parentPort?.postMessage(reply, []);
}

/** Has a place do one job. The next must not begin before this one has been answered. Never rejects. */
export async function answerJob(place: JournalPlace, job: JournalJob): Promise<JournalAnswer> {
  try {
    if (job.kind === 'write') return await place.write(job);
    if (job.kind !== 'close') return await place.use((store) => perform(job, store));
    await place.close();
    return { kind: 'count', count: 0 };
  } catch (error) {
    return { kind: 'failed', ...place.fault(error) };
  }
}

async function perform(
  job: Exclude<JournalJob, { kind: 'write' | 'close' }>,
  store: JournalStore,
): Promise<JournalAnswer> {
  switch (job.kind) {
    case 'read':
      return { kind: 'call', call: await store.read(job.callSid) };
    case 'owner':
      return { kind: 'owner', owner: await store.owner(job.callSid) };
    case 'takeOver':
      return { kind: 'call', call: await store.takeOver(job.callSid, job.hold, job.atMs, job.stream) };
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
