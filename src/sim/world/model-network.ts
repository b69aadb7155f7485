import type { NextRandom } from '../seeded-random.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { Link } from '../faults/link.ts';
import { frameText, type ModelEffect } from '../model/outbox.ts';
import type { SessionReport } from '../model/session-report.ts';
import type { ModelEvent } from '../model/simulated-model.ts';
import type { Delivery } from './delivery.ts';
import { ModelSessions } from './model-sessions.ts';
import type { ServiceEffect, ServiceEvent } from './service-machine.ts';
import type { WorldScenario } from '../scenario/world-scenario.ts';

/** The connections between the service and the model, one after the other, and what becomes of messages on them. */
export class ModelNetwork {
  readonly #faults: FaultPlan;
  readonly #in: Link;
  readonly #out: Link;
  readonly #sessions: ModelSessions;
  /** The connection that was asked for last; an earlier one brings nothing any more. */
  #connection = 0;
  /** What the service calls it: a service that was started again begins to count anew. */
  #session = 0;

  constructor({ model, sounds }: Pick<WorldScenario, 'model' | 'sounds'>, faults: FaultPlan, nextRandom: NextRandom) {
    this.#faults = faults;
    this.#in = new Link(faults.link('model', 'In'), nextRandom);
    this.#out = new Link(faults.link('model', 'Out'), nextRandom);
    this.#sessions = new ModelSessions(model, sounds.agent);
  }

  connect(effect: Extract<ServiceEffect, { type: 'model.connect' }>, nowMs: number): Delivery[] {
    const { session, apiVersion, apiKey } = effect;
    this.#session = session;
    this.#connection += 1;
    const backMs = nowMs + 2 * this.#faults.link('model').latencyMs;
    const upgrade = this.#faults.modelUnreachable(nowMs) ?? this.#sessions.open(this.#connection);
    if (upgrade === 'never') return [];
    if (upgrade !== 'accept') {
      return [{ atMs: backMs, to: 'service', event: { type: 'model.closed', session, code: 1006, reason: '' } }];
    }
    return [
      ...this.send(session, { type: 'socket.opened', apiVersion, apiKey }, nowMs),
      { atMs: backMs, to: 'service', event: { type: 'model.connected', session } },
    ];
  }

  /** Something of the service sets out to the model. */
  send(session: number, event: ModelEvent, nowMs: number): Delivery[] {
    if (session !== this.#session) return [];
    return [{ atMs: this.#in.arrivalMs(nowMs), to: 'model', connection: this.#connection, event }];
  }

  /** The service is gone, and with it its end of the socket. */
  crash(nowMs: number): Delivery[] {
    return this.send(this.#session, { type: 'socket.closed' }, nowMs);
  }

  nextDeadline(): number | null {
    return this.#sessions.nextDeadline();
  }

  /** Lets the session that is due first do what it has to do. */
  tick(nowMs: number): Delivery[] {
    const connection = this.#sessions.nextDue();
    return connection === null ? [] : this.handle(connection, { type: 'tick' }, nowMs);
  }

  /** Something reaches the model. What it says to a socket that the service has left for another is lost. */
  handle(connection: number, event: ModelEvent, nowMs: number): Delivery[] {
    const effects = this.#sessions.handle(connection, event, nowMs);
    if (connection !== this.#connection) return [];
    return effects.map((effect) => ({
      atMs: this.#out.arrivalMs(nowMs),
      to: 'service',
      event: modelNews(effect, this.#session),
    }));
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
      return { type: 'model.received', session, text: frameText(effect.message) };
    case 'text.send':
      return { type: 'model.received', session, text: effect.text };
    case 'socket.close':
      return { type: 'model.closed', session, ...effect.close };
    case 'socket.drop':
      return { type: 'model.closed', session, code: 1006, reason: '' };
  }
}
