import type { AudioPath } from '../../audio/audio-path.ts';
import type { Call } from '../../call/call.ts';
import type { CallSettings } from '../../call/call-settings.ts';
import type { CallEffect } from '../../call/effects.ts';
import type { CallEvent, CallRequest } from '../../call/events.ts';
import type { ContextValues } from '../../agents/context/context-values.ts';
import type { AgentSetup } from '../../gemini/setup.ts';
import { type CallAgent, PhoneService } from '../../host/phone-service.ts';
import type { RunTool, ToolSettlement } from '../../host/tooling/tool-runner.ts';
import { Journal } from '../../store/journal.ts';
import type { JournalBackend } from '../../store/journal-job.ts';
import { addressee } from '../../twilio/paths.ts';
import { redirectFact, type Redirect } from '../../twilio/redirect.ts';
import { TwimlWriter } from '../../twilio/twiml-writer.ts';
import type { ServedCall, Tool } from '../../tools/tool.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { origin, zeroUnixMs } from '../world/placed-call.ts';
import type { FleetPlace } from '../world/processes/fleet-processes.ts';
import type { ObserveStep, ServiceEffect, ServiceEvent, ServiceMachine, ToolCourse } from '../world/service-machine.ts';
import { blankJpeg } from './blank-jpeg.ts';
import { fleetOptions } from './fleet-options.ts';
import { memoryBackend, type MemoryStore } from './memory-store.ts';
import { ModelSockets } from './model-sockets.ts';
import { numberedRandomness } from './numbered-randomness.ts';
import { plannedLoad } from './planned-load.ts';
import { SimulatedContext } from './simulated-context.ts';
import { SimulatedSdk } from './simulated-sdk.ts';
import { errorLogger, PlannedFault } from './error-logger.ts';
import { toolError } from './tool-error.ts';
import { VirtualClock } from './virtual-clock.ts';
import { handshakeWords, VirtualSocket } from './virtual-socket.ts';

/** Where the sessions of the model are opened. */
const modelUrl = 'wss://model.example/v1beta';

/** How long one of several processes looks for a quiet moment before it leaves the call to the next start. */
const drainMsMax = 60_000;

/** How long the last entries of the journal may take. */
const journalMsMax = 2_000;

/** What the service of a simulation is made of. */
export interface HostedServiceParts extends Pick<CallAgent, 'settings' | 'audioPath'> {
  /** What the model is told that there is; how they come out is the world's business. */
  readonly tools: ReadonlyMap<string, Tool>;
  readonly first: AgentSetup;
  readonly fallback: AgentSetup;
  readonly apiKey: string;
  /** Whether a server of the world is asked about the call, and what is said when it does not know. */
  readonly contextDefaults: ContextValues | null;
  /** Numbers from 0 to 1, the same on every run. */
  readonly nextFraction: () => number;
  readonly observe: ObserveStep;
  /** It outlives the service, as a file does. */
  readonly store: MemoryStore;
  readonly faults: FaultPlan;
  /** Which process this is. */
  readonly process: string;
  /** Where it is among several; null for one alone. */
  readonly place: FleetPlace | null;
  readonly startedAtMs: number;
  /** Numbers the connections to the model, over all services. */
  readonly newConnection: () => number;
  readonly makeCall: (settings: CallSettings, audioPath: AudioPath) => Call;
}

/**
 * The driver of virtual time: the product's own `PhoneService` with a clock that jumps, sockets that are links of the world, the rules of the
 * SDK, a store in memory, and numbers that are the same on every run. It decides nothing.
 */
export class HostedService implements ServiceMachine {
  readonly #parts: HostedServiceParts;
  readonly #clock = new VirtualClock(zeroUnixMs);
  readonly #journal: Journal;
  readonly #service: PhoneService;
  readonly #streams = new Map<string, VirtualSocket>();
  readonly #model: ModelSockets;
  readonly #redirects: ((fact: ReturnType<typeof redirectFact>) => void)[] = [];
  readonly #tools: ((settlement: ToolSettlement) => void)[] = [];
  readonly #context: SimulatedContext;
  #effects: ServiceEffect[] = [];
  #error: unknown = null;
  #isBroken = false;

  constructor(parts: HostedServiceParts) {
    this.#parts = parts;
    const clock = this.#clock;
    clock.moveTo(parts.startedAtMs);
    const log = errorLogger((error) => (this.#error ??= error));
    const { store, process, faults, settings, place } = parts;
    this.#model = new ModelSockets({
      clock,
      apiKey: parts.apiKey,
      newConnection: parts.newConnection,
      order: (effect) => void this.#effects.push(effect),
    });
    const onAsk = (question: number): void => void this.#effects.push({ type: 'context.ask', question });
    this.#context = new SimulatedContext(parts.contextDefaults, onAsk);
    const open = (): JournalBackend => memoryBackend(store, process, clock, () => faults.storeMs(clock.nowMs()));
    this.#journal = new Journal({ open, clock, log });
    this.#service = new PhoneService(
      {
        callsMax: 1,
        // As usual, but that the first call may be one too many as well.
        admission: { delayMsMax: 100, callsMin: 0 },
        twiml: new TwimlWriter({ publicUrl: () => origin, instance: place?.instance ?? null }),
        ...fleetOptions(place),
        receptionFor: () => ({ settings, sayLanguage: null }),
        agentFor: (callSid, parties, context) =>
          this.#agent({ callSid, ...parties, agent: 'simulated', languageTag: null, timeZone: 'UTC' }, context),
        contextWantedFor: this.#context.wanted,
        // A drain that is a fault of its own comes from a service that sends its calls to the fallback.
        leavesCalls: !faults.has('drain'),
      },
      {
        clock,
        ...plannedLoad(faults, clock),
        randomness: numberedRandomness(parts.nextFraction),
        sdk: new SimulatedSdk(modelUrl, () => this.#model.sender()),
        connect: this.#model.connect,
        redirect: this.#redirect,
        runTool: this.#runTool,
        askContext: this.#context.ask,
        journal: this.#journal,
        log,
      },
    );
  }

  nextDeadline(): number | null {
    return this.#clock.nextDueMs;
  }

  handle(event: ServiceEvent, atMs: number): readonly ServiceEffect[] {
    this.#clock.moveTo(atMs);
    this.#effects = [];
    this.#take(event);
    // Parley ends a call that throws with an apology; here it must be seen.
    if (this.#error !== null) throw this.#error;
    if (this.#isBroken && this.#service.registry.live.length > 0) throw new Error('A broken call keeps its place.');
    return this.#effects;
  }

  #take(event: ServiceEvent): void {
    switch (event.type) {
      case 'http.requested':
        return this.#requested(event);
      case 'stream.opened':
        return this.#streamOpened(event.streamSid);
      case 'stream.received':
        return this.#streams.get(event.streamSid)?.receivedTogether(event.frames);
      case 'stream.ponged':
        return this.#streams.get(event.streamSid)?.ponged();
      case 'stream.closed':
        return this.#streams.get(event.streamSid)?.closed(event.code, '');
      case 'model.connected':
        return this.#model.of(event.session)?.opened();
      case 'model.refused':
        return this.#model.of(event.session)?.refused(handshakeWords(event.status));
      case 'model.received':
        return this.#model.of(event.session)?.received(event.text, false);
      case 'model.choked':
        return this.#model.choke(event.session, event.waitingBytes);
      case 'model.closed':
        return this.#model.of(event.session)?.closed(event.code, event.reason);
      case 'rest.answered':
        return this.#redirects.shift()?.(redirectFact(event.failure));
      case 'rest.responded':
        // Parley orders nothing of the REST interface that would be answered so.
        return;
      case 'context.answered':
        return this.#context.answered(event.question, event.body);
      case 'tool.settled':
        return this.#toolSettled(event.run, event.outcome);
      case 'request.made':
        return this.#asked(event.request);
      case 'service.drained':
        return this.#service.drain(0, () => {});
      case 'service.restarting':
        return this.#service.drain(this.#parts.place === null ? 0 : drainMsMax, () => this.#stop());
      case 'tick':
        return this.#clock.fireNext();
    }
  }

  // ── Twilio ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #requested({ id, path, fields }: Extract<ServiceEvent, { type: 'http.requested' }>): void {
    const url = new URL(path, origin);
    const { instance, rest } = addressee(url.pathname);
    const request = { path: rest, instance, query: Object.fromEntries(url.searchParams), form: fields };
    this.#service.webhooks.take(request, (answer) => {
      const { status } = answer;
      const body = 'twiml' in answer ? answer.twiml : 'why' in answer ? answer.why : '';
      const contentType = status === 200 ? 'text/xml' : status === 204 ? null : 'text/plain';
      this.#effects.push({ type: 'http.answer', id, answer: { status, contentType, location: null, body } });
    });
  }

  #streamOpened(streamSid: string): void {
    const socket = new VirtualSocket('open', this.#clock, {
      send: (text) => void this.#effects.push({ type: 'stream.send', streamSid, text }),
      ping: () => void this.#effects.push({ type: 'stream.ping', streamSid }),
      close: (code) => void this.#effects.push({ type: 'stream.close', streamSid, code }),
      drop: () => void this.#effects.push({ type: 'stream.drop', streamSid }),
    });
    this.#streams.set(streamSid, socket);
    this.#service.acceptSocket(socket, null);
  }

  readonly #redirect: Redirect = (_callSid, twiml, done) => {
    this.#redirects.push(done);
    this.#effects.push({ type: 'rest.update', twiml });
  };

  // ── Tools, requests and the call ───────────────────────────────────────────────────────────────────────────────

  readonly #runTool: RunTool = ({ name }, args, { key }, done) => {
    this.#effects.push({ type: 'tool.run', run: this.#tools.push(done) - 1, name, args, key });
  };

  #toolSettled(run: number, outcome: ToolCourse): void {
    const done = this.#tools[run];
    if (outcome.type === 'failed') return done?.({ error: toolError(outcome) });
    const { response, scheduling, leave } = outcome;
    done?.({ result: { response, scheduling, ...(leave !== null && { leave }) } });
  }

  #asked(request: CallRequest): void {
    for (const host of this.#service.registry.live) {
      if (request.type === 'caller.pictured') host.show(blankJpeg(request.bytes));
      else host.order(request);
    }
  }

  #agent(served: ServedCall, context: ContextValues): CallAgent {
    const { settings, audioPath, tools, first, fallback, makeCall } = this.#parts;
    return {
      settings: this.#context.settings(settings, context),
      audioPath,
      tools,
      served,
      first,
      fallback,
      observers: [],
      makeCall: (...ofCall) => this.#observed(makeCall(...ofCall)),
      onEnter: (door) => this.#enters(door),
    };
  }

  #enters(door: string): void {
    if (!this.#parts.faults.breaks(door, this.#clock.nowMs())) return;
    this.#isBroken = true;
    throw new PlannedFault(door);
  }

  /** Sees every step, also those that come when the call is over and its observers have left. */
  #observed(call: Call): Call {
    const handle = call.handle.bind(call);
    return Object.assign(call, {
      handle: (event: CallEvent): readonly CallEffect[] => {
        const effects = handle(event);
        this.#parts.observe(event, effects, call);
        return effects;
      },
    });
  }

  /** The service ends, as `src/service/start-service.ts` has it. */
  #stop(): void {
    this.#journal.close(journalMsMax, () => this.#effects.push({ type: 'service.stopped' }));
  }
}
