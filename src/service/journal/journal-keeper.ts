import type { Journal } from '../../store/journal.ts';
import type { Logger } from '../../system/logger.ts';

/** How often a journal is tidied, and when a call in it counts as lost. */
export interface KeeperTimes {
  readonly lookMs: number;
  /** A call of another process without a sign of life for this long is lost. */
  readonly quietMsMax: number;
}

/** A call of a process that is gone comes back within Twilio's retries, or not at all. */
const usualTimes: KeeperTimes = { lookMs: 60_000, quietMsMax: 120_000 };

/**
 * Tidies the journal again and again: ends calls whose process died and that nobody took over, and deletes old ones. Before that it tells the
 * history of calls that it lacks. Returns a function that stops it.
 */
export function keepJournal(
  journal: Journal,
  keepDays: number,
  log: Logger,
  { lookMs, quietMsMax }: KeeperTimes = usualTimes,
): () => void {
  const look = async (): Promise<void> => {
    const lostCalls = await journal.closeUnfinished(quietMsMax);
    const prunedCalls = await journal.prune(keepDays);
    if (lostCalls + prunedCalls > 0) log.info({ lostCalls, prunedCalls }, 'journalTidied');
  };
  void journal.tell().then(look);
  const timer = setInterval(() => void look(), lookMs).unref();
  return () => clearInterval(timer);
}
