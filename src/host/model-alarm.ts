import type { CallFact } from '../call/events.ts';
import { type ErrorCode, errors } from '../errors.ts';
import { closeVerdict } from '../gemini/closes.ts';
import type { Clock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';

/** While it lasts, each call meets it again. So often is enough for whoever has to see to it. */
const toldEveryMs = 10 * 60_000;

/** Why the model's service turns calls away, since when, and when it last did. Times are Unix times in ms. */
export interface ModelRefusal {
  readonly fault: ErrorCode;
  readonly sinceMs: number;
  readonly lastMs: number;
  readonly count: number;
}

/**
 * Tells the operator that the model's service turns calls away for a reason that time does not mend, such as a key that was
 * revoked: one line for all calls, as an error. What becomes of each call stands in lines of its own.
 */
export class ModelAlarm {
  readonly #clock: Clock;
  readonly #toldMs = new Map<ErrorCode, number>();
  readonly #refusals = new Map<ErrorCode, ModelRefusal>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What calls have met within the last ten minutes. */
  get refusals(): readonly ModelRefusal[] {
    return [...this.#refusals.values()].filter(({ lastMs }) => this.#clock.unixMs() - lastMs < toldEveryMs);
  }

  /** Looks at what a session of a call, whose log this is, reports. */
  hears(fact: CallFact, log: Logger): void {
    const fault = faultOf(fact);
    if (fault === null || errors[fault].fault !== 'admin') return;
    this.#note(fault);
    const nowMs = this.#clock.nowMs();
    const toldMs = this.#toldMs.get(fault);
    if (toldMs !== undefined && nowMs - toldMs < toldEveryMs) return;
    this.#toldMs.set(fault, nowMs);
    log.error({ fault, what: errors[fault].what, remedy: errors[fault].remedy }, 'modelRefused');
  }

  /** What was over for long begins anew. */
  #note(fault: ErrorCode): void {
    const lastMs = this.#clock.unixMs();
    const before = this.refusals.find((one) => one.fault === fault);
    this.#refusals.set(fault, { fault, sinceMs: before?.sinceMs ?? lastMs, lastMs, count: (before?.count ?? 0) + 1 });
  }
}

function faultOf(fact: CallFact): ErrorCode | null {
  if (fact.type === 'model.openFailed') return fact.fault;
  return fact.type === 'model.closed' ? closeVerdict(fact.code, fact.reason).fault : null;
}
