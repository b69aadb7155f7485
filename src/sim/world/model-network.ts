import type { NextRandom } from '../seeded-random.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { Link } from '../faults/link.ts';
import { endsSocket, messageText, type ModelEffect } from '../model/outbox.ts';
import type { SessionReport } from '../model/session-report.ts';
import type { ModelEvent } from '../model/simulated-model.ts';
import type { WorldScenario } from '../scenario/world-scenario.ts';
import type { Delivery } from './delivery.ts';
import { SimulatedSessions } from './simulated-sessions.ts';
import type { ServiceEffect, ServiceEvent } from './service-machine.ts';

/** More than the service lets wait for a connection. */
const chokedBytes = 5 * 1024 * 1024;

/** `closing`: the service has begun the closing handshake. `choked`: nothing gets through any more, in either direction. */
type ConnectionState = 'open' | 'closing' | 'choked';

/** The connections between services and the model, and what becomes of messages on them. */
export class ModelNetwork {
  readonly #faults: FaultPlan;
  readonly #in: Link;
  readonly #out: Link;
  readonly #sessions: SimulatedSessions;
  readonly #connections = new Map<number, ConnectionState>();

  constructor({ model, sounds }: Pick<WorldScenario, 'model' | 'sounds'>, faults: FaultPlan, nextRandom: NextRandom) {
    this.#faults = faults;
    this.#in = new Link(faults.link('model', 'In'), nextRandom);
    this.#out = new Link(faults.link('model', 'Out'), nextRandom);
    this.#sessions = new SimulatedSessions(model, sounds.agent);
  }

  connect(effect: Extract<ServiceEffect, { type: 'model.connect' }>, nowMs: number): Delivery[] {
    const { session, apiVersion, apiKey } = effect;
    const backMs = nowMs + 2 * this.#faults.link('model').latencyMs;
    const upgrade = this.#faults.modelUnreachable(nowMs) ?? this.#sessions.open(session);
    if (upgrade === 'never') return [];
    if (upgrade !== 'accept') {
      const status = upgrade === 'refused' ? null : upgrade;
      return [{ atMs: backMs, to: 'service', event: { type: 'model.refused', session, status } }];
    }
    this.#connections.set(session, 'open');
    return [
      ...this.send(session, { type: 'socket.opened', apiVersion, apiKey }, nowMs),
      { atMs: backMs, to: 'service', event: { type: 'model.connected', session } },
    ];
  }

  /** The caller begins to say a clip: a model whose script tells the kinds of clips knows which it hears. */
  callerSays(clip: string, nowMs: number): void {
    this.#sessions.callerSays(clip, nowMs);
  }

  /** Something of the service sets out to the model. */
  send(session: number, event: ModelEvent, nowMs: number): Delivery[] {
    if (this.#connections.get(session) !== 'open') return [];
    this.#sessions.setsOut(session, event);
    return [{ atMs: this.#in.arrivalMs(nowMs), to: 'model', connection: session, event }];
  }

  /** The service begins the closing handshake. */
  close(session: number, nowMs: number): Delivery[] {
    const closing = this.send(session, { type: 'socket.closed' }, nowMs);
    if (closing.length > 0) this.#connections.set(session, 'closing');
    return closing;
  }

  /** The service cuts the connection. However dead that was, the model finds out in the end. */
  drop(session: number, nowMs: number): Delivery[] {
    if (!this.#connections.delete(session)) return [];
    return [{ atMs: this.#in.arrivalMs(nowMs), to: 'model', connection: session, event: { type: 'socket.closed' } }];
  }

  /** The service is gone, and with it its ends of the sockets. */
  crash(nowMs: number): Delivery[] {
    return [...this.#connections.keys()].flatMap((session) => this.drop(session, nowMs));
  }

  /** The connections that are open take nothing any more, and nobody is told. */
  choke(nowMs: number): Delivery[] {
    return [...this.#connections].flatMap(([session, state]): Delivery[] => {
      if (state !== 'open') return [];
      this.#connections.set(session, 'choked');
      this.#sessions.choke(session);
      const event = { type: 'model.choked', session, waitingBytes: chokedBytes } as const;
      return [{ atMs: nowMs, to: 'service', event }];
    });
  }

  nextDeadline(): number | null {
    return this.#sessions.nextDeadline();
  }

  /** Lets the session that is due first do what it has to do. */
  tick(nowMs: number): Delivery[] {
    const connection = this.#sessions.nextDue();
    return connection === null ? [] : this.handle(connection, { type: 'tick' }, nowMs);
  }

  /** Something reaches the model. What it says to a socket that the service has cut is lost. */
  handle(session: number, event: ModelEvent, nowMs: number): Delivery[] {
    const effects = this.#sessions.handle(session, event, nowMs);
    const state = this.#connections.get(session);
    if (state === undefined || state === 'choked') return [];
    const isAnswered = state === 'closing' && event.type === 'socket.closed';
    if (isAnswered || effects.some(endsSocket)) this.#connections.delete(session);
    const news = effects.map((effect): Delivery => {
      const arrivesMs = this.#out.arrivalMs(nowMs);
      this.#sessions.arrives(session, effect, arrivesMs);
      return { atMs: arrivesMs, to: 'service', event: modelNews(effect, session) };
    });
    if (!isAnswered) return news;
    const closed = { type: 'model.closed', session, code: 1000, reason: '' } as const;
    return [...news, { atMs: this.#out.arrivalMs(nowMs), to: 'service', event: closed }];
  }

  /** What every session was told and what became of it. */
  reports(): readonly SessionReport[] {
    return this.#sessions.reports();
  }

  /** What the client did wrong, in words. */
  broken(): readonly string[] {
    return this.#sessions.broken();
  }
}

function modelNews(effect: ModelEffect, session: number): ServiceEvent {
  switch (effect.type) {
    case 'message.send':
      return { type: 'model.received', session, text: messageText(effect.message) };
    case 'text.send':
      return { type: 'model.received', session, text: effect.text };
    case 'socket.close':
      return { type: 'model.closed', session, ...effect.close };
    case 'socket.drop':
      return { type: 'model.closed', session, code: 1006, reason: '' };
  }
}
