import { CallHost, type CallWorld } from './call-host.ts';
import { CallJournal, callMemory } from '../store/call-journal.ts';
import type { CallRecord } from '../store/call-record.ts';
import type { CallRegistry } from './call-registry.ts';
import type { Journal } from '../store/journal.ts';
import type { Logger } from '../system/logger.ts';

/** What a call needs of the world, beside the journal. */
export type UnrecordedWorld = Omit<CallWorld, 'settled' | 'release'>;

/** What the desk works with. */
export interface CallDeskParts {
  readonly registry: CallRegistry;
  readonly journal: Journal;
  /** The models of the first sessions and of those that take over. */
  readonly models: { readonly first: string; readonly fallback: string };
  readonly makeWorld: (callSid: string) => UnrecordedWorld;
  readonly log: Logger;
}

/** How long the answer to a new call waits for its record. The phone still rings, and a flush of a busy disk takes some 100 ms. */
const recordedMsMax = 250;

/** Takes calls: new ones, and those whose process is gone. */
export class CallDesk {
  readonly #parts: CallDeskParts;
  /** Questions of one call that come together are answered by one host. */
  readonly #takingOver = new Map<string, Promise<CallHost | null>>();

  constructor(parts: CallDeskParts) {
    this.#parts = parts;
  }

  /** A new call. */
  open(callSid: string, parties: { readonly from: string | null; readonly to: string | null }): CallHost {
    return this.#host(callSid, (onFenced) => this.#parts.journal.accept(callSid, parties, onFenced));
  }

  /** Resolves when the journal has what was noted of a call, or is too slow. A call that Twilio was answered must not be unknown. */
  recorded(callSid: string): Promise<void> {
    return this.#parts.journal.settled(callSid, recordedMsMax);
  }

  /** The call that is just being taken over, if it is. */
  async pending(callSid: string): Promise<CallHost | null> {
    return (await this.#takingOver.get(callSid)) ?? null;
  }

  /** The call of an earlier process, if the journal knows one that has not ended; null otherwise. */
  takeOver(callSid: string): Promise<CallHost | null> {
    const inHand = this.#takingOver.get(callSid) ?? this.#takeOver(callSid);
    this.#takingOver.set(callSid, inHand);
    return inHand.finally(() => this.#takingOver.delete(callSid));
  }

  async #takeOver(callSid: string): Promise<CallHost | null> {
    const { journal, models, log } = this.#parts;
    let host: CallHost | null = null;
    const taken = await journal.takeOver(callSid, () => host?.fence());
    if (taken.kind !== 'taken') {
      log.info({ callSid, journal: taken.kind }, 'callNotTakenOver');
      return null;
    }
    host = this.#host(callSid, () => taken.record);
    host.tell({ type: 'call.restored', memory: callMemory(taken.call, models.first, Date.now()) });
    return host;
  }

  #host(callSid: string, recordFor: (onFenced: () => void) => CallRecord): CallHost {
    const { registry, journal, models, makeWorld, log } = this.#parts;
    const record = recordFor(() => host.fence());
    const world = makeWorld(callSid);
    const observers = [new CallJournal(record, models), ...world.observers];
    const settled = (): Promise<void> => journal.settled(callSid);
    const release = async (): Promise<void> => {
      await settled();
      record.release();
    };
    const host = new CallHost(callSid, { ...world, observers, settled, release }, log);
    registry.add(host);
    return host;
  }
}
