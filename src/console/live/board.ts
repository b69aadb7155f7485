import type { DayCounts } from './day-counts.ts';
import type { LiveCall } from './picture/live-call.ts';
import type { Problem } from './problems.ts';

/** How much of the service is in use. */
export interface Load {
  readonly calls: number;
  readonly callsMax: number;
  readonly modelSessions: number;
  /** The service ends, and takes no new calls. */
  readonly isDraining: boolean;
}

/** What the board shows beside the calls. */
export interface BoardSummary {
  readonly load: Load;
  readonly day: DayCounts;
  readonly problems: readonly Problem[];
}

/** All that the board shows. */
export interface Board {
  /** The clock of the service, in Unix time in ms: a viewer's may be wrong. */
  readonly nowMs: number;
  readonly calls: readonly LiveCall[];
  /** Calls that have just ended, the newest first. */
  readonly ended: readonly LiveCall[];
  readonly summary: BoardSummary;
}

/** What has changed: calls that are new or other than before, those that have ended since, and the rest if it changed. */
export interface BoardChange {
  readonly calls: readonly LiveCall[];
  readonly ended: readonly LiveCall[];
  readonly summary?: BoardSummary;
}
