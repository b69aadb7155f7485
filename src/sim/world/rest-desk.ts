import type { CallStatus } from '../carrier/carrier-events.ts';
import type { RestAccount } from '../carrier/rest/rest-account.ts';
import type { RestRequest } from '../carrier/rest/rest-answer.ts';
import { restFailure } from '../carrier/rest/rest-answer.ts';
import { answerRest } from '../carrier/rest/rest-api.ts';
import type { NextRandom } from '../seeded-random.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { Link } from '../faults/link.ts';
import type { Delivery } from './delivery.ts';

/** Twilio's error codes for a service that is overloaded, and for a call that has ended (TW-REST-2). */
const unavailable = { code: 20_503 };
const callNotInProgress = { code: 21_220 };

/** The REST interface of the phone network as the service reaches it: requests on their way there and answers on their way back. */
export class RestDesk {
  readonly #account: RestAccount;
  readonly #faults: FaultPlan;
  readonly #link: Link;

  constructor(account: RestAccount, faults: FaultPlan, nextRandom: NextRandom) {
    this.#account = account;
    this.#faults = faults;
    this.#link = new Link(faults.link('rest'), nextRandom);
  }

  /** The one order that the service has a short word for: another document for the call, whose status is given (TW-REST-1). */
  update(twiml: string, status: CallStatus, nowMs: number): Delivery[] {
    const arrivesMs = this.#link.arrivalMs(nowMs);
    const failure = this.#faults.has('restRefused') ? unavailable : status === 'in-progress' ? null : callNotInProgress;
    const order: Delivery[] =
      failure === null
        ? [{ atMs: arrivesMs, to: 'carrier', event: { type: 'rest.updated', update: { type: 'twiml', twiml } } }]
        : [];
    const backMs = this.#link.arrivalMs(arrivesMs);
    return [...order, { atMs: backMs, to: 'service', event: { type: 'rest.answered', failure } }];
  }

  /** Any request sets out. */
  send(id: number, request: RestRequest, nowMs: number): Delivery[] {
    return [{ atMs: this.#link.arrivalMs(nowMs), to: 'rest', id, request }];
  }

  /** A request has come: it is carried out, and its answer sets out. */
  take(id: number, request: RestRequest, nowMs: number): Delivery[] {
    const { status, body } = this.#faults.has('restRefused')
      ? restFailure(503, unavailable.code, 'Service unavailable')
      : answerRest(request, this.#account);
    const event = { type: 'rest.responded', id, status, body } as const;
    return [{ atMs: this.#link.arrivalMs(nowMs), to: 'service', event }];
  }
}
