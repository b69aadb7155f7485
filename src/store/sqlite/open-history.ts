import { HistoryThread } from '../thread/history-thread.ts';

/** The history in the journal's file, read by a thread of its own. */
export function historyInFile(file: string, answerMsMax?: number): HistoryThread {
  return new HistoryThread(new URL('history-worker.ts', import.meta.url), file, answerMsMax);
}
