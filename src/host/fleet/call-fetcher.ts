import type { FallenProcess } from '../../fleet/lease.ts';
import { textSum } from '../../fleet/text-sum.ts';
import type { Clock } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import type { Redirect } from '../../twilio/redirect.ts';
import type { TwimlWriter } from '../../twilio/twiml-writer.ts';
import type { CallDesk } from '../call-desk.ts';
import type { CallHost } from '../call-host.ts';
import type { CallRegistry } from '../call-registry.ts';

/** How many calls are fetched at the same time: some dozens in a second, which is less than Twilio takes of an account. */
const atOnceMax = 10;

/** How often Twilio is told to send a call, and the pause between. The call waits for the question that follows. */
const triesMax = 3;
const pauseMs = 1_000;

/** What it takes to fetch calls. */
export interface CallFetcherParts {
  readonly registry: CallRegistry;
  readonly desk: CallDesk;
  readonly redirect: Redirect;
  readonly twiml: TwimlWriter;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Fetches the calls of processes that have fallen. The streams of one that stands still are open, so Twilio asks nobody: it is told by REST
 * to ask this process what comes next. Before that the call is taken over, so that its process is fenced when it wakes.
 */
export class CallFetcher {
  readonly #parts: CallFetcherParts;
  readonly #underWay = new Set<string>();
  #waiting: string[] = [];
  #fetched = 0;

  constructor(parts: CallFetcherParts) {
    this.#parts = parts;
  }

  /** How many calls were fetched. */
  get fetched(): number {
    return this.#fetched;
  }

  /** Takes this process's part of the calls; `peers` share them. What is not done by the next time is said again. */
  take(fallen: readonly FallenProcess[], peers: readonly string[], holder: string): void {
    const { registry, log } = this.#parts;
    if (registry.isDraining) return;
    const isOwn = (callSid: string): boolean => peers[textSum(callSid) % peers.length] === holder;
    this.#waiting = fallen
      .flatMap(({ talking }) => talking)
      .filter((callSid) => isOwn(callSid) && !this.#underWay.has(callSid) && registry.find(callSid) === null);
    for (const { instance, slots, talking } of fallen)
      if (talking.length > 0) log.warn({ fallen: instance, calls: talking.length, slots }, 'processFallen');
    this.#fetchNext();
  }

  #fetchNext(): void {
    while (this.#underWay.size < atOnceMax) {
      const callSid = this.#waiting.shift();
      if (callSid === undefined) return;
      this.#underWay.add(callSid);
      this.#parts.desk.takeOver(callSid, (host) => {
        if (host === null || host.isHandedOver) return this.#done(callSid);
        this.#fetched += 1;
        this.#parts.log.info({ callSid }, 'callFetched');
        this.#send(host, triesMax);
      });
    }
  }

  #send(host: CallHost, triesLeft: number): void {
    const { registry, redirect, twiml, clock } = this.#parts;
    const { callSid } = host;
    // Its caller may have hung up, or another process may have it.
    if (registry.find(callSid) !== host) return this.#done(callSid);
    redirect(callSid, twiml.askThisProcess(), (fact) => {
      if (fact.type !== 'telephony.failed') return this.#done(callSid);
      if (fact.callOver) host.tell({ type: 'call.completed' });
      else if (triesLeft > 1) return void clock.after(pauseMs, () => this.#send(host, triesLeft - 1));
      this.#done(callSid);
    });
  }

  #done(callSid: string): void {
    this.#underWay.delete(callSid);
    this.#fetchNext();
  }
}
