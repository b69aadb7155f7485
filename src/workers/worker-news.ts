import type { LivingProcess } from '../fleet/lease.ts';
import type { NoRoom } from '../host/call-registry.ts';

/** What a worker is told. A socket comes beside its message. */
export type WorkerOrder =
  /** Answer what was read of a connection, and whatever follows on it. */
  | { readonly order: 'answer'; readonly start: Uint8Array }
  /** Take no new calls, and end when the live ones have ended or were left, which they are after `drainMsMax`. */
  | { readonly order: 'stop'; readonly drainMsMax: number };

/** What a worker tells. */
export type WorkerNews =
  /** It answers. `calls`: those in its journal that have not ended. */
  | { readonly news: 'up'; readonly adminPort: number | null; readonly calls: readonly string[] }
  /**
   * How many calls have a place, why no other can be taken, and which have begun since this was told last. It is told when it changes, and
   * as a sign of life.
   */
  | {
      readonly news: 'load';
      readonly taken: number;
      readonly noRoom: NoRoom | null;
      readonly begun: readonly string[];
      /** The processes of the fleet that live, if there is one; null where nothing has changed. */
      readonly living: readonly LivingProcess[] | null;
    };

/** The variable by which a process knows that it is a worker. It holds the secret that all have in common. */
export const workerVariable = 'PARLEY_WORKER';

/** The variable that holds what a worker tells the fleet of where its pages are. */
export const workerPagesVariable = 'PARLEY_WORKER_PAGES';
