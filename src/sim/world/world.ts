import type { CarrierCall } from '../carrier/carrier-call.ts';
import type { CarrierEffect, CarrierEvent, CarrierNote } from '../carrier/carrier-events.ts';
import type { ConferenceBridge } from '../carrier/conference/conference-bridge.ts';
import type { ConferenceEffect, ConferenceEvent } from '../carrier/conference/conference-events.ts';
import { seededRandom } from '../seeded-random.ts';
import type { Fault, FaultOf } from '../faults/fault.ts';
import { FaultPlan } from '../faults/fault-plan.ts';
import { Deliveries, type Delivery, type Item } from './delivery.ts';
import { ModelNetwork } from './model-network.ts';
import { Networks } from './networks.ts';
import { ContextServer } from '../faults/context-server.ts';
import { accountConferences, accountOf, placedCall, scriptedCaller, zeroUnixMs } from './placed-call.ts';
import type { FleetPlace } from './processes/fleet-processes.ts';
import { makeProcesses } from './processes/make-processes.ts';
import { Outages } from './processes/outages.ts';
import type { Processes } from './processes/processes.ts';
import type { ObserveStep, ServiceEffect, ServiceEvent, ServiceMachine } from './service-machine.ts';
import { timetable } from '../scenario/timetable.ts';
import { ToolDesk } from './tool-desk.ts';
import type { WorldParts, WorldReport } from './world-parts.ts';
import { WorldWatch } from '../judges/world-watch.ts';

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
  readonly #conferences: ConferenceBridge;
  readonly #processes: Processes;
  readonly #model: ModelNetwork;
  readonly #tools: ToolDesk;
  readonly #contextServer: ContextServer;
  readonly #deliveries: Deliveries;
  readonly #networks: Networks;
  readonly #outages: Outages;
  #nowMs = 0;
  /** Steps since time went on. */
  #stepsNow = 0;
  #callMs = 0;

  constructor(parts: WorldParts) {
    const { scenario } = parts;
    this.#parts = parts;
    this.#faults = new FaultPlan(scenario.faults);
    const faults = this.#faults;
    this.#watch = new WorldWatch(scenario, faults, parts.codec, parts.makeCaller === undefined);
    const nextRandom = seededRandom(scenario.seed);
    const makeCaller = parts.makeCaller ?? scriptedCaller(scenario, parts.codec);
    const caller = makeCaller((clip) => this.#model.callerSays(clip, this.#nowMs));
    this.#carrier = placedCall(scenario, caller, faults, nextRandom);
    const conferences = accountConferences(scenario);
    this.#conferences = conferences.bridge;
    this.#processes = makeProcesses(parts.fleet, (...made) => this.#makeService(...made));
    this.#deliveries = new Deliveries(faults, (event) => this.#processes.ownerOf(event));
    this.#model = new ModelNetwork(scenario, faults, nextRandom);
    this.#tools = new ToolDesk(scenario.tools);
    this.#contextServer = new ContextServer(scenario, faults);
    this.#networks = new Networks(
      faults,
      nextRandom,
      scenario.number.fallbackTwiml,
      accountOf(this.#carrier, (update) => this.#toCarrier({ type: 'rest.updated', update }), {
        ...conferences,
        order: (order) => this.#toConferences({ type: 'rest.ordered', order }),
        zeroUnixMs,
      }),
      this.#model,
    );
    this.#outages = new Outages(this.#processes, this.#networks, () => this.#watch.serviceReplaced());
  }

  /** Plays the call to its end, or to the first thing that does not hold. */
  run(): WorldReport {
    const { faults, requests } = this.#parts.scenario;
    this.#deliveries.plan(timetable(faults, requests));
    try {
      this.#toCarrier({ type: 'call.placed' });
      while (this.#watch.broken.length === 0 && this.#stepOn());
      if (this.#watch.broken.length === 0) this.#watch.checkEnd(this.#model.broken());
    } catch (error) {
      this.#watch.crashed(error);
    }
    const { broken, endReason } = this.#watch;
    const [modelSessions, streams] = [this.#model.reports(), this.#carrier.streamReports(this.#nowMs)];
    return { broken, endReason, callMs: this.#callMs, modelSessions, streams };
  }

  /** Does what is due next. Returns whether there was anything. */
  #stepOn(): boolean {
    const carrierMs = this.#carrier.nextDeadline() ?? Infinity;
    const due = this.#processes.nextDue();
    const lateMs = due === null ? 0 : this.#faults.timersLateMs(due.atMs);
    const serviceMs = this.#faults.idleFromMs((due?.atMs ?? Infinity) + lateMs, 2);
    const modelMs = this.#model.nextDeadline() ?? Infinity;
    const conferencesMs = this.#conferences.nextDeadline() ?? Infinity;
    const nextMs = Math.min(this.#deliveries.nextDeadline() ?? Infinity, carrierMs, serviceMs, modelMs, conferencesMs);
    if (nextMs > worldMsMax) return false;
    this.#stepsNow = nextMs > this.#nowMs ? 0 : this.#stepsNow + 1;
    if (this.#stepsNow > stepsAtOnceMax) throw new RangeError('Time stands still: somebody is due again and again.');
    this.#nowMs = Math.max(this.#nowMs, nextMs);
    this.#watch.checkFarewell(this.#nowMs);
    if (this.#carrier.status === 'in-progress') this.#callMs = this.#nowMs;
    if (this.#callMs > this.#parts.scenario.settings.callMsMax + extraMsMax) return false;
    const delivery = this.#deliveries.takeDue(this.#nowMs);
    if (delivery !== null) this.#deliver(delivery);
    else if (nextMs === carrierMs) this.#toCarrier({ type: 'tick' });
    else if (nextMs === serviceMs) this.#toService({ type: 'tick' }, due?.life);
    else if (nextMs === conferencesMs) this.#toConferences({ type: 'tick' });
    else this.#plan(this.#model.tick(this.#nowMs));
    return true;
  }

  #deliver(item: Item): void {
    switch (item.to) {
      case 'carrier':
        return this.#toCarrier(item.event);
      case 'conferences':
        return this.#toConferences(item.event);
      case 'service':
        if (item.event.type === 'http.requested') return this.#deliverRequest(item.event);
        return this.#toService(item.event, item.life);
      case 'model':
        return this.#plan(this.#model.handle(item.connection, item.event, this.#nowMs));
      case 'address':
        return this.#plan(this.#networks.web.connect(item.id, this.#processes.reachability, this.#nowMs));
      case 'rest':
        return this.#plan(this.#networks.rest.take(item.id, item.request, this.#nowMs));
      case 'world':
        if ('fault' in item) return this.#strike(item.fault);
        return 'restarts' in item ? this.#restart() : this.#thaw();
    }
  }

  #toCarrier(event: CarrierEvent): void {
    for (const effect of this.#carrier.handle(event, this.#nowMs)) this.#fromCarrier(effect);
  }

  #toService(event: ServiceEvent, life = this.#processes.life): void {
    for (const effect of this.#processes.handle(event, life, this.#nowMs)) this.#fromService(effect, life);
  }

  #toConferences(event: ConferenceEvent): void {
    for (const effect of this.#conferences.handle(event, this.#nowMs)) this.#fromConferences(effect);
  }

  #plan(deliveries: readonly Delivery[]): void {
    this.#deliveries.add(deliveries);
  }

  // ── What the phone network does ────────────────────────────────────────────────────────────────────────────────

  #fromCarrier(effect: CarrierEffect): void {
    const { callSid } = this.#carrier.identity;
    switch (effect.type) {
      case 'conference.join':
        return this.#toConferences({ type: 'call.joined', callSid, name: effect.name, seat: effect.seat });
      case 'conference.leave':
        return this.#toConferences({ type: 'call.left', callSid, why: effect.why });
      case 'note':
        return this.#note(effect.note);
      case 'http.abort': // An answer that nobody wants is not taken by the carrier.
        return;
      default:
        if (effect.type === 'socket.open') this.#processes.own(effect.streamSid, this.#processes.at(effect.url));
        return this.#plan(this.#networks.ofCarrier(effect, this.#processes.reachability, this.#nowMs));
    }
  }

  #fromConferences(effect: ConferenceEffect): void {
    switch (effect.type) {
      case 'http.request':
        return this.#plan(this.#networks.ofConferences(effect, this.#nowMs));
      case 'call.released': {
        // The call may be in the middle of the event that made it join.
        const event = { type: 'conference.left', bridged: effect.bridged } as const;
        return this.#plan([{ atMs: this.#nowMs, to: 'carrier', event }]);
      }
      case 'note':
        return this.#note(effect.note);
      case 'http.abort':
    }
  }

  #note(note: CarrierNote): void {
    this.#watch.note(note);
    this.#parts.observer.onNote(note);
  }

  // ── What the service does ──────────────────────────────────────────────────────────────────────────────────────

  #makeService(life: number, place: FleetPlace | null): ServiceMachine {
    const observe: ObserveStep = (event, effects, call) => {
      const step = this.#processes.step(event, life);
      if (step === 'displaced') return;
      if (step === 'taken') this.#watch.serviceReplaced();
      this.#watch.step(event, effects, call, this.#carrier.playedBytes(this.#nowMs), this.#nowMs);
      this.#parts.observer.onStep(this.#nowMs, event, effects, call);
    };
    return this.#parts.makeService(observe, this.#faults, this.#nowMs, place);
  }

  #deliverRequest(event: Extract<ServiceEvent, { type: 'http.requested' }>): void {
    const { isTaken, deliveries } = this.#networks.web.deliver(event.id, this.#processes.reachability, this.#nowMs);
    this.#plan(deliveries);
    this.#watch.requested(event, this.#nowMs);
    if (isTaken) this.#toService(event, this.#processes.at(event.path));
  }

  #fromService(effect: ServiceEffect, life: number): void {
    this.#watch.acts(effect, this.#processes.isDisplaced(life), this.#nowMs);
    if (effect.type === 'http.answer') this.#watch.ringing.answered(effect.id, this.#nowMs);
    if (effect.type === 'model.connect') this.#processes.own(effect.session, life);
    if (effect.type === 'tool.run') return this.#plan(this.#tools.run(effect, life, this.#nowMs));
    if (effect.type === 'context.ask') return this.#plan(this.#contextServer.asked(effect.question, life, this.#nowMs));
    if (effect.type === 'service.stopped') return this.#plan(this.#outages.stopped(life, this.#nowMs));
    // An answer of the REST interface goes to whoever asked.
    const answers = this.#networks.ofService(effect, this.#carrier.status, this.#nowMs);
    this.#plan(answers.map((one) => (one.to === 'service' && !('session' in one.event) ? { ...one, life } : one)));
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
        return this.#networks.media.die();
      case 'mediaGarbage':
        return this.#plan(this.#networks.media.sendGarbage(fault, this.#nowMs));
      case 'modelChoked':
        return this.#plan(this.#model.choke(this.#nowMs));
      case 'streamHalfOpen':
        return this.#toCarrier({ type: 'network.stalled' });
      case 'serviceKilled':
        return this.#plan(this.#outages.kill(fault, this.#nowMs));
      case 'serviceRestarted':
        this.#outages.restarting(fault);
        return this.#toService({ type: 'service.restarting' });
      case 'serviceFrozen':
        return this.#freeze(fault);
      case 'drain':
        return this.#toService({ type: 'service.drained' });
      default: // The others strike whatever comes by.
    }
  }

  #restart(): void {
    const service = this.#processes.restart();
    const effects = service === null ? [] : (this.#parts.restored?.(service, this.#nowMs) ?? []);
    for (const effect of effects) this.#fromService(effect, this.#processes.life);
  }

  /** The process stands still. The phone network gives its socket up, and asks the next one. */
  #freeze({ forMs }: FaultOf<'serviceFrozen'>): void {
    if (!this.#processes.freeze()) return;
    this.#toCarrier({ type: 'network.failed' });
    this.#plan([{ atMs: this.#nowMs + forMs, to: 'world', thaws: true }]);
  }

  #thaw(): void {
    const { life, effects } = this.#processes.thaw(this.#nowMs) ?? { life: 0, effects: [] };
    for (const effect of effects) this.#fromService(effect, life);
  }
}
