import type { CarrierNote } from '../../../../src/sim/carrier/carrier-events.ts';
import type { Conference } from '../../../../src/sim/carrier/conference/conference.ts';
import { ConferenceBridge } from '../../../../src/sim/carrier/conference/conference-bridge.ts';
import type {
  ConferenceEffect,
  ConferenceEvent,
  ConferenceOrder,
} from '../../../../src/sim/carrier/conference/conference-events.ts';
import type { DialOutcomes } from '../../../../src/sim/carrier/verbs/dialling.ts';
import { seededRandom } from '../../../../src/sim/seeded-random.ts';
import type { ConferenceSeat } from '../../../../src/sim/carrier/twiml/twiml.ts';
import { accountSid } from '../call-bench.ts';

export const callSids = ['1', '2', '3'].map((digit) => `CA${digit.repeat(32)}`);
export const human = '+15005550100';
export const zeroUnixMs = Date.UTC(2026, 0, 1);

const seat: ConferenceSeat = {
  label: null,
  isMuted: false,
  startsOnEnter: true,
  endsOnExit: false,
  participantsMax: 250,
  wait: null,
  statusCallback: null,
};

/** Drives the conferences of an account: time is what the test says, and the test plays calls and server. */
export class ConferenceBench {
  readonly bridge: ConferenceBridge;
  readonly nextRandom = seededRandom(1);
  readonly effects: ConferenceEffect[] = [];
  nowMs = 0;

  constructor(dialOutcomes: DialOutcomes = {}) {
    this.bridge = new ConferenceBridge({ accountSid, dialOutcomes, nextRandom: this.nextRandom, zeroUnixMs });
  }

  take(event: ConferenceEvent): void {
    const effects = this.bridge.handle(event, this.nowMs);
    this.effects.push(...effects);
    // Every request finds a connection at once.
    for (const effect of effects) {
      if (effect.type === 'http.request') this.take({ type: 'http.connected', id: effect.id });
    }
  }

  order(order: ConferenceOrder): void {
    this.take({ type: 'rest.ordered', order });
  }

  join(callSid: string, change: Partial<ConferenceSeat> = {}): void {
    this.take({ type: 'call.joined', callSid, name: 'room', seat: { ...seat, ...change } });
  }

  /** Calls the human into the room. */
  call(change: Partial<ConferenceSeat> = {}): string {
    const callSid = `CA${'9'.repeat(32)}`;
    const events = new Set(['initiated', 'ringing', 'answered', 'completed']);
    const statusCallback = { url: 'https://parley.example/human', method: 'POST', events } as const;
    const times = { timeoutMs: 30_000, timeLimitMs: 3_600_000 };
    const leg = { callSid, from: '+15005550001', to: human, ...times, statusCallback, seat: { ...seat, ...change } };
    this.order({ type: 'call', conference: 'room', leg });
    return callSid;
  }

  /** Lets time pass, ticking whenever the machine asks for it. */
  runFor(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (
      let dueMs = this.bridge.nextDeadline();
      dueMs !== null && dueMs <= untilMs;
      dueMs = this.bridge.nextDeadline()
    ) {
      this.nowMs = Math.max(this.nowMs, dueMs);
      this.take({ type: 'tick' });
    }
    this.nowMs = untilMs;
  }

  /** Answers the last request with TwiML. */
  answer(inside: string): void {
    const answer = { status: 200, contentType: 'text/xml', location: null, body: `<Response>${inside}</Response>` };
    this.take({ type: 'http.answered', id: this.lastRequest.id, answer });
  }

  /** The last conference there was. */
  get conference(): Conference {
    const conference = this.bridge.conferences.at(-1);
    if (conference === undefined) throw new RangeError('There is no conference.');
    return conference;
  }

  get requests(): Extract<ConferenceEffect, { type: 'http.request' }>[] {
    return this.all('http.request');
  }

  get lastRequest(): Extract<ConferenceEffect, { type: 'http.request' }> {
    const request = this.requests.at(-1);
    if (request === undefined) throw new RangeError('No request was made.');
    return request;
  }

  all<Type extends ConferenceEffect['type']>(type: Type): Extract<ConferenceEffect, { type: Type }>[] {
    return this.effects.filter((effect): effect is Extract<ConferenceEffect, { type: Type }> => effect.type === type);
  }

  notes<Kind extends CarrierNote['kind']>(kind: Kind): Extract<CarrierNote, { kind: Kind }>[] {
    const notes = this.all('note').map(({ note }) => note);
    return notes.filter((note): note is Extract<CarrierNote, { kind: Kind }> => note.kind === kind);
  }

  get problems(): number[] {
    return this.notes('problem').map(({ code }) => code);
  }
}
