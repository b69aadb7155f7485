import type { CarrierEvent } from '../carrier/carrier-events.ts';
import type { NextRandom } from '../seeded-random.ts';
import type { FaultOf } from '../faults/fault.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { Link } from '../faults/link.ts';
import type { Delivery } from './delivery.ts';
import { eventOf, garbageFrame } from './media-faults.ts';
import type { Reachability } from './webhook-network.ts';
import type { ServiceEvent } from './service-machine.ts';

/** How long a half-open socket stays before its end is noticed: reports say 30 to 120 s (TW-CLOSE-3). */
const halfOpenMs = 30_000;

/** The connections of the media sockets between the phone network and the service, and what becomes of frames on them. */
export class MediaNetwork {
  readonly #faults: FaultPlan;
  readonly #in: Link;
  readonly #out: Link;
  readonly #latencyMs: number;
  /** The stream whose socket was opened last, for the faults that strike it. */
  #streamSid: string | null = null;
  /** When the phone network learns that this socket is open. */
  #openedMs = 0;
  #isZombie = false;
  /** Streams whose sockets are gone for the service, or for the phone network. */
  readonly #gone = new Set<string>();

  constructor(faults: FaultPlan, nextRandom: NextRandom) {
    this.#faults = faults;
    this.#in = new Link(faults.link('media', 'In'), nextRandom);
    this.#out = new Link(faults.link('media', 'Out'), nextRandom);
    this.#latencyMs = faults.link('media').latencyMs;
  }

  /** The handshake of a socket. */
  open(streamSid: string, reachability: Reachability, nowMs: number): Delivery[] {
    const answeredMs = nowMs + 2 * this.#latencyMs;
    if (reachability === 'silent') return [];
    if (reachability !== 'open' || this.#faults.refusesHandshake()) {
      const status = reachability === 'open' ? 503 : reachability === 'badGateway' ? 502 : null;
      return [{ atMs: answeredMs, to: 'carrier', event: { type: 'socket.refused', streamSid, status } }];
    }
    this.#streamSid = streamSid;
    this.#openedMs = answeredMs;
    this.#isZombie = false;
    return [
      { atMs: nowMs + this.#latencyMs, to: 'service', event: { type: 'stream.opened', streamSid } },
      { atMs: answeredMs, to: 'carrier', event: { type: 'socket.opened', streamSid } },
    ];
  }

  /** A frame of the phone network. */
  sendIn(streamSid: string, data: string | Uint8Array, nowMs: number): Delivery[] {
    const name = typeof data === 'string' ? eventOf(data) : null;
    if (name === 'media' && this.#faults.loses('callerFramesLost', nowMs)) return [];
    if (name === 'mark' && this.#faults.loses('marksLost', nowMs)) return [];
    return this.#deliverIn({ type: 'stream.received', streamSid, frames: [data] }, nowMs);
  }

  /** The phone network closes the socket; 1006 is a connection that vanishes. */
  closeIn(streamSid: string, code: number, nowMs: number): Delivery[] {
    return this.#deliverIn({ type: 'stream.closed', streamSid, code }, nowMs);
  }

  /** Frames that nobody can use, as if the phone network had sent them. */
  sendGarbage({ kind, count }: FaultOf<'mediaGarbage'>, nowMs: number): Delivery[] {
    const streamSid = this.#streamSid;
    if (streamSid === null) return [];
    const frame = garbageFrame(kind, streamSid);
    return Array.from({ length: count }, () => this.sendIn(streamSid, frame, nowMs)).flat();
  }

  /** A frame of the service, or its close. */
  sendOut(event: Extract<CarrierEvent, { type: 'socket.received' | 'socket.closed' }>, nowMs: number): Delivery[] {
    if (this.#isDead(event.streamSid)) return [];
    const atMs = this.#out.arrivalMs(nowMs);
    const arrival: Delivery = { atMs, to: 'carrier', event };
    if (event.type === 'socket.received') return [arrival];
    // The closing handshake: whoever is asked to close answers with the same code (RFC 6455).
    const { streamSid, code } = event;
    return [
      arrival,
      { atMs: atMs + this.#latencyMs, to: 'service', event: { type: 'stream.closed', streamSid, code } },
    ];
  }

  /** The service cuts the connection. However dead that was, the phone network finds out in the end, after what was sent before. */
  drop(streamSid: string, nowMs: number): Delivery[] {
    return [this.#vanished(streamSid, this.#out.arrivalMs(nowMs))];
  }

  ping(streamSid: string, nowMs: number): Delivery[] {
    const isUnanswered = this.#faults.all('mediaOdd').some(({ answersPings }) => !answersPings);
    if (isUnanswered || this.#isDead(streamSid)) return [];
    const atMs = this.#out.arrivalMs(nowMs) + this.#latencyMs;
    return [{ atMs, to: 'service', event: { type: 'stream.ponged', streamSid } }];
  }

  /** From here on the open socket carries nothing any more, and nobody is told. */
  die(): void {
    this.#isZombie = true;
  }

  /** The service is gone, and with it its ends of the sockets: the phone network sees them vanish (TW-CLOSE-3). */
  crash(nowMs: number): Delivery[] {
    const streamSid = this.#streamSid;
    if (streamSid === null || this.#gone.has(streamSid)) return [];
    this.#gone.add(streamSid);
    return [this.#vanished(streamSid, this.#out.arrivalMs(nowMs))];
  }

  /** The phone network has given the socket up, and the service finds out much later (TW-CLOSE-3). */
  abandon(streamSid: string, nowMs: number): Delivery[] {
    this.#gone.add(streamSid);
    return [{ atMs: nowMs + halfOpenMs, to: 'service', event: { type: 'stream.closed', streamSid, code: 1006 } }];
  }

  /** The end of a connection does not overtake its handshake. */
  #vanished(streamSid: string, atMs: number): Delivery {
    const event = { type: 'socket.closed', streamSid, code: 1006 } as const;
    return { atMs: streamSid === this.#streamSid ? Math.max(atMs, this.#openedMs) : atMs, to: 'carrier', event };
  }

  #deliverIn(event: Extract<ServiceEvent, { streamSid: string }>, nowMs: number): Delivery[] {
    return this.#isDead(event.streamSid) ? [] : [{ atMs: this.#in.arrivalMs(nowMs), to: 'service', event }];
  }

  #isDead(streamSid: string): boolean {
    return this.#gone.has(streamSid) || (this.#isZombie && streamSid === this.#streamSid);
  }
}
