import { type ErrorCode, errors } from '../../errors.ts';
import type { NoRoom } from '../../host/call-registry.ts';
import type { ModelRefusal } from '../../host/model-alarm.ts';
import type { JournalState } from '../../store/journal.ts';
import type { RefusalTotal } from '../../system/refusals.ts';

/** What is over for so long is no problem any more. */
const lastingMs = 10 * 60_000;

/** What needs attention. Times are Unix times in ms. */
export interface Problem {
  readonly code: string;
  readonly what: string;
  readonly remedy: string;
  /** How often it was met since it began, and when last; null for a state that lasts. */
  readonly met: { readonly times: number; readonly lastMs: number } | null;
}

/** How a service is, as far as that may need attention. */
export interface ServiceHealth {
  readonly modelRefusals: readonly ModelRefusal[];
  readonly refusals: readonly RefusalTotal[];
  readonly turnedAway: Readonly<Record<NoRoom, number>>;
  readonly journal: JournalState;
  /** What is wrong with agents that changed, so that calls go on with those before. */
  readonly agentProblems: readonly string[];
}

const full = {
  what: 'A caller found no room: as many calls were live as MAX_CONCURRENT_CALLS or CALLS_PER_PROCESS allows.',
  remedy: 'Raise it if the machine and the quota of the model allow it.',
};

const overloaded = {
  what: 'A caller was turned away because the process was too busy to pass on sound in time.',
  remedy: 'Give it a faster core, or start another Parley, and set CALLS_PER_PROCESS to what one can carry.',
};

const dropped = {
  what: 'The journal has dropped entries: it could not be written for too long.',
  remedy: 'Calls go on, but another process could not take all of them over. Look at the disk.',
};

/** Finds what needs attention, looking again and again. What is only counted is a problem while it goes on. */
export class Problems {
  readonly #look: () => ServiceHealth;
  readonly #unixMs: () => number;
  /** By code, what was counted when it was looked at first and last, and when the count last grew. */
  readonly #counts = new Map<string, { base: number; count: number; lastMs: number }>();

  constructor(look: () => ServiceHealth, unixMs: () => number) {
    this.#look = look;
    this.#unixMs = unixMs;
  }

  get now(): readonly Problem[] {
    const { modelRefusals, refusals, turnedAway, journal, agentProblems } = this.#look();
    return [
      ...modelRefusals.map(({ fault, lastMs, count }) => problem(fault, { times: count, lastMs })),
      ...this.#journal(journal),
      ...outdatedAgents(agentProblems),
      ...this.#grown('calls.full', turnedAway.full, full),
      ...this.#grown('calls.overloaded', turnedAway.overloaded, overloaded),
      ...this.#refused(refusals),
    ];
  }

  #journal({ kind, lastError, droppedEntries }: JournalState): readonly Problem[] {
    const failing = kind === 'failing' && lastError !== null ? [problem(lastError, null)] : [];
    return [...failing, ...this.#grown('journal.dropped', droppedEntries, dropped)];
  }

  /** Only what may mean that real calls fail; strangers at other doors are no problem. */
  #refused(refusals: readonly RefusalTotal[]): readonly Problem[] {
    const counts = new Map<ErrorCode, number>();
    for (const { refusal, fault, count } of refusals) {
      if (refusal !== 'webhookRefused' && refusal !== 'upgradeRefused' && refusal !== 'streamRefused') continue;
      if (isErrorCode(fault)) counts.set(fault, (counts.get(fault) ?? 0) + count);
    }
    return [...counts].flatMap(([fault, count]) => this.#grown(fault, count, errors[fault]));
  }

  /** A problem if this count has grown of late. */
  #grown(code: string, count: number, { what, remedy }: { what: string; remedy: string }): readonly Problem[] {
    const nowMs = this.#unixMs();
    const known = this.#counts.get(code) ?? { base: 0, count: 0, lastMs: -Infinity };
    if (count > known.count) {
      const isOver = nowMs - known.lastMs >= lastingMs;
      this.#counts.set(code, { base: isOver ? known.count : known.base, count, lastMs: nowMs });
    }
    const seen = this.#counts.get(code);
    if (seen === undefined || nowMs - seen.lastMs >= lastingMs) return [];
    return [{ code, what, remedy, met: { times: seen.count - seen.base, lastMs: seen.lastMs } }];
  }
}

/** The first problem is told, the others stand in the log. */
function outdatedAgents([first, ...others]: readonly string[]): readonly Problem[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : ` The log tells ${others.length} more.`;
  return [
    {
      code: 'agents.fileInvalid',
      what: `Calls are answered by the agents as they were before their files changed: ${first}${more}`,
      remedy: errors['agents.fileInvalid'].remedy,
      met: null,
    },
  ];
}

function problem(code: ErrorCode, met: Problem['met']): Problem {
  const { what, remedy } = errors[code];
  return { code, what, remedy, met };
}

function isErrorCode(code: string | null): code is ErrorCode {
  return code !== null && Object.hasOwn(errors, code);
}
