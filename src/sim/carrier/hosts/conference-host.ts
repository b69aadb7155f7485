import { performance } from 'node:perf_hooks';
import type { CarrierNote } from '../carrier-events.ts';
import type { DialOutcomes } from '../verbs/dialling.ts';
import { ConferenceBridge } from '../conference/conference-bridge.ts';
import type { ConferenceEffect, ConferenceEvent, ConferenceOrder } from '../conference/conference-events.ts';
import type { RestConferences } from '../rest/rest-account.ts';
import type { NextRandom } from '../../seeded-random.ts';
import { seededRandom } from '../../seeded-random.ts';
import type { Route } from './twilio-wire.ts';
import type { ConferenceSeat } from '../twiml/twiml.ts';
import { WebhookSender } from './webhook-sender.ts';

/** The conferences of a simulated account. */
export interface ConferenceHostOptions {
  readonly accountSid: string;
  /** Where the URLs of callbacks and announcements are reached. */
  readonly route: Route;
  readonly dialOutcomes?: DialOutcomes;
  readonly seed: number;
  readonly onNote?: (note: CarrierNote) => void;
}

/** A call that can be in a conference. */
export interface ConferenceMember {
  readonly callSid: string;
  /** The conference is over for the call. */
  released(bridged: boolean): void;
}

/** Conferences over real HTTP and in real time: what calls share that are placed with it. It owns one timer. */
export class ConferenceHost implements RestConferences {
  readonly bridge: ConferenceBridge;
  readonly nextRandom: NextRandom;
  readonly zeroUnixMs = Date.now() - performance.now();
  readonly #members = new Map<string, ConferenceMember>();
  readonly #sender: WebhookSender;
  readonly #onNote: ((note: CarrierNote) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor({ accountSid, route, dialOutcomes = {}, seed, onNote }: ConferenceHostOptions) {
    // Numbers of their own, so that a conference does not change the jitter of a call.
    this.nextRandom = seededRandom(seed ^ 0x5a5a);
    this.bridge = new ConferenceBridge({
      accountSid,
      dialOutcomes,
      nextRandom: this.nextRandom,
      zeroUnixMs: this.zeroUnixMs,
    });
    this.#sender = new WebhookSender(route, (event) => this.#handle(event));
    this.#onNote = onNote;
  }

  join(member: ConferenceMember, name: string, seat: ConferenceSeat): void {
    const { callSid } = member;
    this.#members.set(callSid, member);
    this.#handle({ type: 'call.joined', callSid, name, seat });
  }

  leave(callSid: string, why: 'hungUp' | 'movedOn'): void {
    this.#members.delete(callSid);
    this.#handle({ type: 'call.left', callSid, why });
  }

  order(order: ConferenceOrder): void {
    this.#handle({ type: 'rest.ordered', order });
  }

  /** Lets go of whatever is under way. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#sender.abortAll();
  }

  #handle(event: ConferenceEvent): void {
    if (this.#isClosed) return;
    for (const effect of this.bridge.handle(event, performance.now())) this.#perform(effect);
    clearTimeout(this.#timer);
    const deadlineMs = this.bridge.nextDeadline();
    if (deadlineMs === null) return;
    this.#timer = setTimeout(() => this.#handle({ type: 'tick' }), Math.max(0, deadlineMs - performance.now()));
  }

  #perform(effect: ConferenceEffect): void {
    switch (effect.type) {
      case 'http.request':
      case 'http.abort':
        return this.#sender.perform(effect);
      case 'note':
        return this.#onNote?.(effect.note);
      case 'call.released': {
        const member = this.#members.get(effect.callSid);
        this.#members.delete(effect.callSid);
        // The call may be in the middle of the event that made it leave, or join.
        return queueMicrotask(() => member?.released(effect.bridged));
      }
    }
  }
}
