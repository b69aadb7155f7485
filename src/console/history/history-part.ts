import type { Request, Response, Router } from 'express';
import { type ErrorCode, ParleyError } from '../../errors.ts';
import type { CallHistory, HistoryPage } from '../../store/history/call-history.ts';
import type { JournalState } from '../../store/journal.ts';
import type { Logger } from '../../system/logger.ts';
import type { ConsolePart } from '../door/console-part.ts';
import { logLook, viewerOf } from '../door/viewer.ts';
import { exportCalls } from './export-calls.ts';
import { placeIn, queryIn } from './history-query.ts';
import { type HistoryAnswer, pastCallDetail } from './history-answer.ts';

/** What the history is shown from. */
export interface HistorySources {
  /** Null when no journal is kept. */
  readonly history: CallHistory | null;
  readonly journal: { readonly state: JournalState };
  readonly log: Logger;
}

/** The calls that were, as a page, as data, and as files. */
export function historyPart(sources: HistorySources): ConsolePart {
  const { log } = sources;
  return {
    page: { path: '/history', title: 'History', folder: 'history' },
    routes(router: Router) {
      router.get('/api/calls', (req, res) =>
        answered(res, async () => {
          logLook(log, viewerOf(req), 'history', null);
          const page = (await sources.history?.list(queryIn(req.query), placeIn(req.query))) ?? nothingKept;
          const notices = [page.missing, ...journalNotices(sources.journal.state)].filter((words) => words !== null);
          res.json({ ...page, notices } satisfies HistoryAnswer);
        }),
      );
      for (const form of ['csv', 'json'] as const)
        router.get(`/api/calls.${form}`, (req: Request, res) =>
          answered(res, async () => {
            logLook(log, viewerOf(req), 'historyExport', null);
            await exportCalls(historyIn(sources), queryIn(req.query), form, res);
          }),
        );
      router.get('/api/calls/:callSid', (req: Request<{ callSid: string }>, res) =>
        answered(res, async () => {
          const { callSid } = req.params;
          const story = await historyIn(sources).find(callSid);
          if (story === null) return void res.status(404).json({ error: 'The journal knows no such call.' });
          // Not before: what names no call may be anything, such as somebody's number.
          logLook(log, viewerOf(req), 'call', callSid);
          res.json(pastCallDetail(story));
        }),
      );
    },
  };
}

/** What the page must know of a journal that is not as it should be. */
function journalNotices({ kind, movedAside }: JournalState): string[] {
  return [
    ...(kind === 'failing' ? ['The journal cannot be written now: the newest calls are missing until it can.'] : []),
    ...(movedAside === null
      ? []
      : [
          `A journal that was damaged lies at ${movedAside}. Its calls are not shown. docs/journal.md says how to read it.`,
        ]),
  ];
}

const noJournal = 'No history is kept, because JOURNAL_FILE is off. Name a file there and restart Parley.';
const nothingKept: HistoryPage = { calls: [], next: null, missing: noJournal };

function historyIn({ history }: HistorySources): CallHistory {
  if (history !== null) return history;
  throw new ParleyError('journal.unusable', noJournal);
}

/** Answers a request, and says in words what of the journal cannot be read. */
function answered(res: Response, answer: () => Promise<void>): void {
  answer().catch((error: unknown) => {
    if (res.headersSent) return void res.destroy();
    const code: ErrorCode | null = error instanceof ParleyError ? error.code : null;
    const words = error instanceof ParleyError ? error.message : 'The history could not be read.';
    res.status(503).json({ error: words, code });
  });
}
