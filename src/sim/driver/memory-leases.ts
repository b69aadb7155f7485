import type { ProcessLease, LeaseAnswer, LeaseAsk, LeaseFailure, LeaseStore } from '../../fleet/lease.ts';
import { fallenFor, grantLease, type Remains } from '../../fleet/lease-rules.ts';
import type { Clock } from '../../system/clock.ts';

/** How the way between a process and the store is. */
export interface LeaseWay {
  /** How long a question takes, and as long the answer; null while nothing gets through. */
  readonly thereMs: () => number | null;
  readonly backMs: () => number | null;
}

/** How long a process waits until it knows that nothing gets through. */
const failureMs = 2_500;

/** The leases of a simulation, by the rules of the product. They outlive the processes, and have a clock of their own. */
export class MemoryLeases {
  readonly #unixMs: () => number;
  readonly #remainsOf: (holder: string) => Remains;
  readonly #leases = new Map<string, ProcessLease>();

  constructor(unixMs: () => number, remainsOf: (holder: string) => Remains) {
    this.#unixMs = unixMs;
    this.#remainsOf = remainsOf;
  }

  get leases(): readonly ProcessLease[] {
    return [...this.#leases.values()];
  }

  /** The store as one process sees it. `clock`: that of the process, which answers nothing while the process stands still. */
  seenBy(clock: Clock, way: LeaseWay): LeaseStore {
    const after = (ms: number | null, work: () => void, otherwise: () => void): void =>
      void clock.after(ms ?? failureMs, ms === null ? otherwise : work);
    return {
      ask: (ask, done) => {
        const fail = (): void =>
          done({ kind: 'failed', code: 'journal.unreachable', why: 'Nothing gets through.' } satisfies LeaseFailure);
        after(
          way.thereMs(),
          () => {
            const answer = this.#answer(ask);
            after(way.backMs(), () => done(answer), fail);
          },
          fail,
        );
      },
      leave: (holder, done) => {
        after(
          way.thereMs(),
          () => {
            this.#leases.delete(holder);
            done();
          },
          done,
        );
      },
    };
  }

  #answer(ask: LeaseAsk): LeaseAnswer {
    const [kept, nowMs] = [this.leases, this.#unixMs()];
    const remains = new Map(fallenFor(kept, ask, nowMs).map(({ holder }) => [holder, this.#remainsOf(holder)]));
    const none: Remains = { hasCalls: false, talking: [] };
    const { answer, changed, gone } = grantLease(kept, ask, nowMs, (holder) => remains.get(holder) ?? none);
    for (const lease of changed) this.#leases.set(lease.holder, lease);
    for (const holder of gone) this.#leases.delete(holder);
    return answer;
  }
}
