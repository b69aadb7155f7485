import type { Journal } from '../../store/journal.ts';
import { instanceOf } from '../../system/process-name.ts';

/**
 * How long the answer to Twilio waits for the journal to say who has a call. A question takes some milliseconds; without an answer the call
 * is taken, which fences whoever has it.
 */
const ownerMsMax = 500;

/** The other processes that share the journal, as far as this one knows of them without asking anybody. */
export interface Peers {
  /** Whether the process of this name lives. */
  readonly lives: (name: string) => boolean;
  /** An instance that lives and takes new calls, in turn if there are several; null if there is none. */
  readonly successor: () => string | null;
  /** An instance that has room for a call which this one does not take, as far as is known; null when none has. */
  readonly takerOf: (callSid: string) => string | null;
}

/** What a process knows of those that share its journal. */
export interface Fleet {
  /** What this one is called in addresses. */
  readonly instance: string;
  readonly peers: Peers;
  /** What all of them know and nobody else: the first signs the tokens of streams, and all are taken. */
  readonly streamKeys: readonly [string, ...string[]];
}

/** Says, in bounded time, which other instance has a call and can be asked; null when none can. */
export type OwnerOf = (callSid: string, done: (instance: string | null) => void) => void;

/** Makes what asks the journal who has a call. A process without a name of its own cannot be asked, nor one that is gone. */
export function journalOwner({ instance: own, peers }: Fleet, journal: Journal): OwnerOf {
  return (callSid, done) =>
    journal.owner(
      callSid,
      (owner) => {
        const instance = owner === null ? null : instanceOf(owner);
        const isOther = instance !== null && instance !== own;
        done(isOther && owner !== null && peers.lives(owner) ? instance : null);
      },
      ownerMsMax,
    );
}
