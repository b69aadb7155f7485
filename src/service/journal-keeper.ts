import type { Journal } from '../store/journal.ts';
import type { Logger } from '../system/logger.ts';

/** When a journal is looked after. */
export interface KeeperTimes {
  readonly lookMs: number;
  /** Without a sign of life for so long, a call of another process is lost. */
  readonly quietMsMax: number;
}

/** A call of a process that is gone comes back within Twilio's retries, or not at all. */
const usualTimes: KeeperTimes = { lookMs: 60_000, quietMsMax: 120_000 };

/**
 * Gives every call an end in the journal, also those whose process died and that nobody brought back, and forgets old ones. Returns what
 * stops it.
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
  void look();
  const timer = setInterval(() => void look(), lookMs).unref();
  return () => clearInterval(timer);
}
