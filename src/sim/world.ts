import type { MulawCodec } from '../audio/mulaw.ts';
import type { EndReason } from '../core/effects.ts';
import type { CarrierCall } from './carrier/carrier-call.ts';
import type { CarrierEffect, CarrierEvent, CarrierNote } from './carrier/carrier-events.ts';
import { seededRandom } from './carrier/seeded-random.ts';
import type { Fault } from './faults/fault.ts';
import { FaultPlan } from './faults/fault-plan.ts';
import { Link } from './faults/link.ts';
import { Agenda } from './model/agenda.ts';
import { frameText, type ModelEffect } from './model/outbox.ts';
import type { ModelEvent } from './model/simulated-model.ts';
import { type Delivery, MediaNetwork } from './world/media-network.ts';
import { ModelSessions } from './world/model-sessions.ts';
import { placedCall, webhookOf } from './world/placed-call.ts';
import type { ObserveStep, ServiceEffect, ServiceEvent, ServiceMachine } from './world/service-machine.ts';
import { ToolDesk } from './world/tool-desk.ts';
import type { WorldScenario } from './world/world-scenario.ts';
import { WorldWatch } from './world/world-watch.ts';

/** Who sees what happens in the world while it happens. Times are ms since the call was placed. */
export interface WorldObserver {
  onNote(note: CarrierNote): void;
  onStep(atMs: number, ...step: Parameters<ObserveStep>): void;
  onFault(atMs: number, fault: Fault): void;
}

/** What a world is made of. */
export interface WorldParts {
  readonly scenario: WorldScenario;
  readonly codec: MulawCodec;
  readonly makeService: (observe: ObserveStep) => ServiceMachine;
  readonly observer: WorldObserver;
}

/** What became of a simulated call. */
export interface WorldReport {
  /** What did not hold, one sentence each; empty when all was well. */
  readonly broken: readonly string[];
  /** Why the call ended; null when it did not. */
  readonly endReason: EndReason | null;
  /** How long the caller was on the line, in ms. */
  readonly callMs: number;
}

/** What is on its way, or planned, and to whom. */
type Item =
  | { readonly to: 'carrier'; readonly event: CarrierEvent }
  | { readonly to: 'service'; readonly event: ServiceEvent }
  | { readonly to: 'model'; readonly event: ModelEvent }
  | { readonly to: 'world'; readonly fault: Fault };

/** A call may last this long beyond its own longest duration: a goodbye, a transfer that fails, an apology. */
const extraMsMax = 120_000;

/** Without any webhook that says so, the service waits for the end of a transfer as long as Twilio may dial (TW-TWIML-3). */
const worldMsMax = 5 * 3_600_000;

/** What happens at one moment: a flood of frames after a stall has some hundreds of messages. */
const stepsAtOnceMax = 10_000;

/**
 * One phone call in virtual time: a caller at the simulated phone network, the service under test, and the simulated model, joined by
 * links that take their time. Nobody waits for anything: the clock jumps to whatever is due next. What is due at the same moment is
 * done in the order in which it was planned, so a seed gives the same call on every run.
 */
export class World {
  readonly #parts: WorldParts;
  readonly #faults: FaultPlan;
  readonly #watch: WorldWatch;
  readonly #carrier: CarrierCall;
  readonly #service: ServiceMachine;
  readonly #model: ModelSessions;
  readonly #tools: ToolDesk;
  readonly #agenda = new Agenda<Item>();
  readonly #links: Record<'http' | 'modelIn' | 'modelOut' | 'rest', Link>;
  readonly #media: MediaNetwork;
  readonly #timersLateMs: number;
  #nowMs = 0;
  /** Steps since time went on. */
  #stepsNow = 0;
  #callMs = 0;

  constructor(parts: WorldParts) {
    const { scenario } = parts;
    this.#parts = parts;
    this.#faults = new FaultPlan(scenario.faults);
    this.#watch = new WorldWatch(scenario, this.#faults);
    const nextRandom = seededRandom(scenario.seed);
    this.#carrier = placedCall(scenario, parts.codec, this.#faults, nextRandom);
    this.#service = parts.makeService((event, effects, call) => {
      this.#watch.step(event, effects, call, this.#carrier.playedBytes(this.#nowMs), this.#nowMs);
      parts.observer.onStep(this.#nowMs, event, effects, call);
    });
    this.#model = new ModelSessions(scenario.model, scenario.sounds.agent);
    this.#tools = new ToolDesk(scenario.tools);
    const faults = this.#faults;
    this.#timersLateMs = faults.all('timersLate')[0]?.byMs ?? 0;
    this.#media = new MediaNetwork(faults, nextRandom);
    this.#links = {
      http: new Link(faults.link('webhook'), nextRandom),
      modelIn: new Link(faults.link('model', 'In'), nextRandom),
      modelOut: new Link(faults.link('model', 'Out'), nextRandom),
      rest: new Link(faults.link('rest'), nextRandom),
    };
  }

  /** Plays the call to its end, or to the first thing that does not hold. */
  run(): WorldReport {
    for (const fault of this.#parts.scenario.faults) {
      if ('atMs' in fault && fault.fault !== 'stall') this.#agenda.add(fault.atMs, { to: 'world', fault });
    }
    try {
      this.#toCarrier({ type: 'call.placed' });
      while (this.#watch.broken.length === 0 && this.#stepOn());
      if (this.#watch.broken.length === 0) this.#watch.checkEnd(this.#model.broken());
    } catch (error) {
      this.#watch.crashed(error);
    }
    const { broken, endReason } = this.#watch;
    return { broken, endReason, callMs: this.#callMs };
  }

  /** Does what is due next. Returns whether there was anything. */
  #stepOn(): boolean {
    const carrierMs = this.#carrier.nextDeadline() ?? Infinity;
    const serviceMs = (this.#service.nextDeadline() ?? Infinity) + this.#timersLateMs;
    const modelMs = this.#model.nextDeadline() ?? Infinity;
    const nextMs = Math.min(this.#agenda.nextDeadline() ?? Infinity, carrierMs, serviceMs, modelMs);
    if (nextMs > worldMsMax) return false;
    this.#stepsNow = nextMs > this.#nowMs ? 0 : this.#stepsNow + 1;
    if (this.#stepsNow > stepsAtOnceMax) throw new RangeError('Time stands still: somebody is due again and again.');
    this.#nowMs = Math.max(this.#nowMs, nextMs);
    this.#watch.checkFarewell(this.#nowMs);
    if (this.#carrier.status === 'in-progress') this.#callMs = this.#nowMs;
    if (this.#callMs > this.#parts.scenario.settings.callMsMax + extraMsMax) return false;
    const delivery = this.#agenda.takeDue(this.#nowMs);
    if (delivery !== null) this.#deliver(delivery);
    else if (nextMs === carrierMs) this.#toCarrier({ type: 'tick' });
    else if (nextMs === serviceMs) this.#toService({ type: 'tick' });
    else this.#toModel({ type: 'tick' });
    return true;
  }

  #deliver(delivery: Item): void {
    switch (delivery.to) {
      case 'carrier':
        return this.#toCarrier(delivery.event);
      case 'service':
        return this.#toService(delivery.event);
      case 'model':
        return this.#toModel(delivery.event);
      case 'world':
        return this.#strike(delivery.fault);
    }
  }

  #toCarrier(event: CarrierEvent): void {
    for (const effect of this.#carrier.handle(event, this.#nowMs)) this.#fromCarrier(effect);
  }

  #toService(event: ServiceEvent): void {
    for (const effect of this.#service.handle(event, this.#nowMs)) this.#fromService(effect);
  }

  #toModel(event: ModelEvent): void {
    for (const effect of this.#model.handle(event, this.#nowMs)) this.#fromModel(effect);
  }

  #plan(atMs: number, delivery: Item): void {
    this.#agenda.add(atMs, delivery);
  }

  #planAll(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) this.#agenda.add(delivery.atMs, delivery);
  }

  // ── What the phone network does ────────────────────────────────────────────────────────────────────────────────

  #fromCarrier(effect: CarrierEffect): void {
    switch (effect.type) {
      case 'http.request':
        return this.#request(effect);
      case 'socket.open':
        return this.#planAll(this.#media.open(effect.streamSid, this.#nowMs));
      case 'socket.send':
        return this.#planAll(this.#media.sendIn(effect.streamSid, effect.text, this.#nowMs));
      case 'socket.close':
        return this.#planAll(this.#media.closeIn(effect.streamSid, effect.code, this.#nowMs));
      case 'socket.drop':
        return this.#planAll(this.#media.closeIn(effect.streamSid, 1006, this.#nowMs));
      case 'note':
        this.#watch.note(effect.note);
        return this.#parts.observer.onNote(effect.note);
      case 'http.abort':
      // An answer that nobody wants is not taken by the carrier.
    }
  }

  #request({ id, url, fields }: Extract<CarrierEffect, { type: 'http.request' }>): void {
    const { path, purpose } = webhookOf(url);
    const arrivesMs = this.#links.http.arrivalMs(this.#nowMs);
    if (this.#faults.losesWebhook(purpose)) {
      return this.#plan(arrivesMs, { to: 'carrier', event: { type: 'http.failed', id, stage: 'connect' } });
    }
    const event = { type: 'http.requested', id, path, fields } as const;
    this.#plan(arrivesMs + this.#faults.webhookDelayMs(purpose), { to: 'service', event });
  }

  // ── What the service does ──────────────────────────────────────────────────────────────────────────────────────

  #fromService(effect: ServiceEffect): void {
    switch (effect.type) {
      case 'http.answer': {
        const { id, answer } = effect;
        const arrivesMs = this.#links.http.arrivalMs(this.#nowMs);
        return this.#plan(arrivesMs, { to: 'carrier', event: { type: 'http.answered', id, answer } });
      }
      case 'stream.send': {
        const { streamSid, text } = effect;
        return this.#planAll(this.#media.sendOut({ type: 'socket.received', streamSid, data: text }, this.#nowMs));
      }
      case 'stream.close': {
        const { streamSid, code } = effect;
        return this.#planAll(this.#media.sendOut({ type: 'socket.closed', streamSid, code }, this.#nowMs));
      }
      case 'stream.ping':
        return this.#planAll(this.#media.ping(effect.streamSid, this.#nowMs));
      case 'stream.drop':
        return this.#planAll(this.#media.drop(effect.streamSid, this.#nowMs));
      case 'model.connect':
        return this.#connectModel(effect);
      case 'model.send': {
        const arrivesMs = this.#links.modelIn.arrivalMs(this.#nowMs);
        return this.#plan(arrivesMs, { to: 'model', event: { type: 'message.received', message: effect.message } });
      }
      case 'model.close':
        return this.#plan(this.#links.modelIn.arrivalMs(this.#nowMs), {
          to: 'model',
          event: { type: 'socket.closed' },
        });
      case 'rest.update':
        return this.#updateCall(effect.twiml);
      case 'tool.run': {
        const { id } = effect.call;
        const run = this.#tools.run(effect.call);
        if (run === null) return;
        const event = { type: 'tool.settled', id, outcome: run.outcome } as const;
        return this.#plan(this.#nowMs + run.afterMs, { to: 'service', event });
      }
    }
  }

  #connectModel({ apiVersion, apiKey }: Extract<ServiceEffect, { type: 'model.connect' }>): void {
    const unreachable = this.#faults.all('modelUnreachable')[0]?.how;
    if (unreachable === 'never') return;
    const backMs = this.#nowMs + 2 * this.#faults.link('model').latencyMs;
    if (unreachable === 'refused') {
      return this.#plan(backMs, { to: 'service', event: { type: 'model.closed', code: 1006, reason: '' } });
    }
    this.#model.open();
    this.#plan(this.#links.modelIn.arrivalMs(this.#nowMs), {
      to: 'model',
      event: { type: 'socket.opened', apiVersion, apiKey },
    });
    this.#plan(backMs, { to: 'service', event: { type: 'model.connected' } });
  }

  #updateCall(twiml: string): void {
    const arrivesMs = this.#links.rest.arrivalMs(this.#nowMs);
    const isOver = this.#carrier.status !== 'in-progress';
    const outcome = this.#faults.has('restRefused') ? 'refused' : isOver ? 'callOver' : 'updated';
    if (outcome === 'updated') {
      this.#plan(arrivesMs, { to: 'carrier', event: { type: 'rest.updated', update: { type: 'twiml', twiml } } });
    }
    const backMs = this.#links.rest.arrivalMs(arrivesMs);
    this.#plan(backMs, { to: 'service', event: { type: 'rest.answered', outcome } });
  }

  // ── What the model does ────────────────────────────────────────────────────────────────────────────────────────

  #fromModel(effect: ModelEffect): void {
    this.#plan(this.#links.modelOut.arrivalMs(this.#nowMs), { to: 'service', event: modelNews(effect) });
  }

  // ── What goes wrong at a time of its own ───────────────────────────────────────────────────────────────────────

  #strike(fault: Fault): void {
    this.#parts.observer.onFault(this.#nowMs, fault);
    switch (fault.fault) {
      case 'callerHangsUp':
        return this.#toCarrier({ type: 'caller.hungUp' });
      case 'streamLost':
        return this.#toCarrier({ type: 'network.failed' });
      case 'streamZombie':
        return this.#media.die();
      case 'mediaGarbage':
        return this.#planAll(this.#media.sendGarbage(fault, this.#nowMs));
      case 'drain':
        return this.#toService({ type: 'service.drained' });
      default:
      // The others strike whatever comes by.
    }
  }
}

function modelNews(effect: ModelEffect): ServiceEvent {
  switch (effect.type) {
    case 'message.send':
      return { type: 'model.received', text: frameText(effect.message) };
    case 'text.send':
      return { type: 'model.received', text: effect.text };
    case 'socket.close':
      return { type: 'model.closed', ...effect.close };
    case 'socket.drop':
      return { type: 'model.closed', code: 1006, reason: '' };
  }
}
