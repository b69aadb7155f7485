import type { TestContext } from 'vitest';
import { historyPart } from '../../../src/console/history/history-part.ts';
import { HistoryFile } from '../../../src/store/sqlite/history-file.ts';
import type { JournalState } from '../../../src/store/journal.ts';
import { type DoorAnswer, logIn, openDoor } from '../door/door-scene.ts';
import { LogLines } from '../../log-lines.ts';

/** A journal that is as it should be. */
export const soundJournal: JournalState = {
  kind: 'open',
  queuedEntries: 0,
  droppedEntries: 0,
  outboxEntries: 0,
  movedAside: null,
  lastError: null,
};

/** Opens the operator's pages with the history in this file, and gives what asks them as somebody who is logged in. */
export async function openConsoleWith(
  context: TestContext,
  file: string | null,
  { state = soundJournal, log = new LogLines() }: { readonly state?: JournalState; readonly log?: LogLines } = {},
): Promise<(path: string) => Promise<DoorAnswer>> {
  const history = file === null ? null : new HistoryFile(file);
  context.onTestFinished(() => history?.close());
  const door = await openDoor(context, [historyPart({ history, journal: { state }, log: log.logger })]);
  const cookie = await logIn(door.port);
  return (path) => door.asks(path, { headers: { host: `127.0.0.1:${door.port}`, ...cookie } });
}
