import type { CallEnding, CallObserver } from '../../call/call-observer.ts';
import type { CallEffect } from '../../call/effects.ts';
import type { CallEvent } from '../../call/events.ts';
import type { CallRecord } from '../../store/writing/call-record.ts';
import type { CallFigures } from '../../store/journal-entry.ts';
import { CallCourse } from './call-course.ts';
import { faultsOf, whyItEnded } from './why.ts';

/** What is known of a call beside what it tells by itself. */
export interface CallAccount {
  /** Who answers, as the admin knows the agent. */
  readonly agent: string;
  /** The instance in whose folder the call is recorded, and the name of the log; null when in none, or that of one without a name. */
  readonly recorded: { readonly by: string; readonly log: string } | null;
  /** What the call cost so far, and how long the caller waited. */
  readonly figures: () => CallFigures;
  /** For how long the caller has waited for an answer at this time of the call; null when for none. */
  readonly waitedMs: (atMs: number) => number | null;
}

/** How old figures may get on the disk. A process that is killed takes the newer ones along. */
const figuresMsMax = 30_000;

/** Writes into the record of a call what the history tells of it: what it cost, and why it ended as it did. */
export class OutcomeWriter implements CallObserver {
  readonly #record: CallRecord;
  readonly #account: CallAccount | null;
  readonly #course = new CallCourse();
  #figuresAtMs = 0;

  constructor(record: CallRecord, account: CallAccount | null) {
    this.#record = record;
    this.#account = account;
  }

  write(event: CallEvent, effects: readonly CallEffect[]): void {
    this.#course.take(event, effects);
    const { end, atMs } = this.#course;
    const isOld = event.type === 'model.usage' && atMs - this.#figuresAtMs >= figuresMsMax;
    // A process that releases its call closes the stream first.
    if (isOld || event.type === 'stream.closed') this.#writeFigures();
    if (end !== null && effects.at(-1)?.type === 'call.end') this.#conclude(faultsOf(this.#course));
  }

  close({ how }: CallEnding): void {
    if (how === 'crashed') this.#conclude(['call.crashed', ...faultsOf(this.#course)]);
  }

  #conclude(faults: readonly string[]): void {
    this.#writeFigures();
    const waitedMs = this.#account?.waitedMs(this.#course.atMs) ?? null;
    this.#record.append({ kind: 'outcome', faults, why: whyItEnded(this.#course, waitedMs) });
  }

  #writeFigures(): void {
    this.#figuresAtMs = this.#course.atMs;
    if (this.#account !== null) this.#record.append({ kind: 'figures', ...this.#account.figures() });
  }
}
