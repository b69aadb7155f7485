import type { CarrierEvent } from '../carrier/carrier-events.ts';
import type { NextRandom } from '../carrier/seeded-random.ts';
import type { FaultOf } from '../faults/fault.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { Link } from '../faults/link.ts';
import { eventOf, garbageFrame } from './media-faults.ts';
import type { ServiceEvent } from './service-machine.ts';

/** A message on its way, or planned, and to whom. */
export type Delivery =
  | { readonly atMs: number; readonly to: 'carrier'; readonly event: CarrierEvent }
  | { readonly atMs: number; readonly to: 'service'; readonly event: ServiceEvent };

/** The connections of the media sockets between the phone network and the service, and what becomes of frames on them. */
export class MediaNetwork {
  readonly #faults: FaultPlan;
  readonly #in: Link;
  readonly #out: Link;
  readonly #latencyMs: number;
  /** The stream whose socket was opened last, for the faults that strike it. */
  #streamSid: string | null = null;
  #isZombie = false;

  constructor(faults: FaultPlan, nextRandom: NextRandom) {
    this.#faults = faults;
    this.#in = new Link(faults.link('media', 'In'), nextRandom);
    this.#out = new Link(faults.link('media', 'Out'), nextRandom);
    this.#latencyMs = faults.link('media').latencyMs;
  }

  /** The handshake of a socket. */
  open(streamSid: string, nowMs: number): Delivery[] {
    const answeredMs = nowMs + 2 * this.#latencyMs;
    if (this.#faults.refusesHandshake()) {
      return [{ atMs: answeredMs, to: 'carrier', event: { type: 'socket.refused', streamSid, status: 503 } }];
    }
    this.#streamSid = streamSid;
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
    return this.#deliverIn({ type: 'stream.received', streamSid, data }, nowMs);
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
    return this.#isDead(event.streamSid) ? [] : [{ atMs: this.#out.arrivalMs(nowMs), to: 'carrier', event }];
  }

  /** The service cuts the connection. However dead that was, the phone network finds out in the end. */
  drop(streamSid: string, nowMs: number): Delivery[] {
    return [{ atMs: nowMs, to: 'carrier', event: { type: 'socket.closed', streamSid, code: 1006 } }];
  }

  ping(streamSid: string, nowMs: number): Delivery[] {
    if (this.#isDead(streamSid)) return [];
    const atMs = this.#out.arrivalMs(nowMs) + this.#latencyMs;
    return [{ atMs, to: 'service', event: { type: 'stream.ponged', streamSid } }];
  }

  /** From here on the open socket carries nothing any more, and nobody is told. */
  die(): void {
    this.#isZombie = true;
  }

  #deliverIn(event: Extract<ServiceEvent, { streamSid: string }>, nowMs: number): Delivery[] {
    return this.#isDead(event.streamSid) ? [] : [{ atMs: this.#in.arrivalMs(nowMs), to: 'service', event }];
  }

  #isDead(streamSid: string): boolean {
    return this.#isZombie && streamSid === this.#streamSid;
  }
}
