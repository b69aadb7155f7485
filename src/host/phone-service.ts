import type { ContextValues } from '../agents/context/context-values.ts';
import type { CallFact, OperatorOrder } from '../call/events.ts';
import { type OrderOutcome, orderOutcome } from '../call/operator/request-refusal.ts';
import { openModelSession, type ModelSession, type SessionDrivers } from '../gemini/live-session.ts';
import type { AgentSetup } from '../gemini/setup.ts';
import type { Journal } from '../store/journal.ts';
import type { Busyness } from '../system/load/busyness.ts';
import type { EventLoopDelay } from '../system/load/event-loop-delay.ts';
import type { Logger } from '../system/logger.ts';
import { Refusals } from '../system/refusals.ts';
import type { Socket } from '../system/socket.ts';
import { MediaHandshakes, type StreamOwner } from '../twilio/media-handshake.ts';
import { StreamSigner } from '../twilio/stream-signer.ts';
import { TokenBucket } from '../system/token-bucket.ts';
import type { TwimlWriter } from '../twilio/twiml-writer.ts';
import type { CallDrivers } from './call-doors.ts';
import { CallDesk, type CallPlan, type Parties } from './call-desk.ts';
import type { CallHost } from './call-host.ts';
import { AdmissionControl, type AdmissionLimits } from './incoming/admission-control.ts';
import { type AskContext, ContextDesk, type ContextDeskParts } from './incoming/context-desk.ts';
import { IncomingCalls, type Reception } from './incoming/incoming-calls.ts';
import { CallRegistry } from './call-registry.ts';
import type { CallWorld, ModelOrder } from './call-world.ts';
import { drain } from './drain.ts';
import { CallFetcher } from './fleet/call-fetcher.ts';
import { type Fleet, journalOwner } from './fleet/fleet.ts';
import { ModelAlarm } from './model-alarm.ts';
import type { CallAccount } from './outcome/outcome-writer.ts';
import { RepeatedWebhooks } from './repeated-webhooks.ts';
import { EqualWaits } from './timing/equal-waits.ts';
import { pairMs } from './timing/frame-joiner.ts';
import { Webhooks } from './webhooks.ts';

/**
 * Sessions that are opened with the voice webhook, before the stream (decision 0005): as many at once, and so fast that they would fill the
 * service in this time. No crowd of callers comes faster, and beyond it a caller waits a second longer for the greeting.
 */
const earlySessionsAtOnce = 10;
const fillSeconds = 20;

/** The world, as a driver gives it: the real one, or that of a simulation. */
export interface ServiceDrivers extends Omit<CallDrivers, 'settled' | 'release'> {
  readonly eventLoopDelay: EventLoopDelay;
  readonly busyness: Busyness;
  readonly journal: Journal;
  /** Asks about new calls; without it, nobody is asked. */
  readonly askContext?: AskContext;
  readonly log: Logger;
}

/** Who answers a call, and how. */
export interface CallAgent extends Pick<
  CallWorld,
  'settings' | 'audioPath' | 'tools' | 'served' | 'observers' | 'makeCall' | 'onEnter'
> {
  /** For the history, which knows no cost and no waits without it. */
  readonly account?: CallAccount;
  /** On the model that the call begins with. */
  readonly first: AgentSetup;
  /** On the model that takes over when no session of the first can be had. */
  readonly fallback: AgentSetup;
  /**
   * The system instruction of a session that begins at this moment, in Unix ms. Each session learns the time anew, because a call may last
   * for hours. Without it, the instructions of the setups count.
   */
  readonly instructionAt?: (unixMs: number) => string;
}

/** What a service is told by its configuration. */
export interface ServiceOptions {
  /** How many calls this process takes. */
  readonly callsMax: number;
  /** How many it may have at this moment, where others share a limit with it; without it, all of those. */
  readonly slots?: () => number;
  /** When the process is too late to take another call. */
  readonly admission: AdmissionLimits;
  readonly twiml: TwimlWriter;
  /** The processes that share the journal and may be asked; without it, there is no other. */
  readonly fleet?: Fleet;
  /** What callers of a number get for whom there is no call. */
  readonly receptionFor: (to: string | null) => Reception;
  /** The agent may depend on who calls and which number was called. `context`: what somebody who was asked knows of the call. */
  readonly agentFor: (callSid: string, parties: Parties, context: ContextValues) => CallAgent;
  /** What is to be asked about a new call; without it, nothing. */
  readonly contextWantedFor?: ContextDeskParts['wantedFor'];
  /** Whether a drain leaves live calls to the next process, as far as the journal can tell it of them. */
  readonly leavesCalls: boolean;
}

/**
 * The service without sockets, timers and disk of its own: it takes webhooks and media sockets, hosts the calls, and drains. Two drivers
 * run it: `src/service` in the real world, `src/sim/driver` in virtual time.
 */
export class PhoneService {
  readonly registry: CallRegistry;
  readonly webhooks: Webhooks;
  readonly refusals: Refusals;
  readonly alarm: ModelAlarm;
  /** Fetches calls whose process has fallen. */
  readonly fetcher: CallFetcher;
  readonly #handshakes: MediaHandshakes;
  readonly #streamSigner: StreamSigner | undefined;
  readonly #context: ContextDesk;
  readonly #options: ServiceOptions;
  readonly #drivers: ServiceDrivers;
  readonly #frameWaits: EqualWaits;

  constructor(options: ServiceOptions, drivers: ServiceDrivers) {
    const { clock, journal, log } = drivers;
    const { callsMax, slots = () => callsMax } = options;
    this.#options = options;
    this.#drivers = drivers;
    this.#frameWaits = new EqualWaits(clock, pairMs);
    this.alarm = new ModelAlarm(clock);
    this.#streamSigner = options.fleet && new StreamSigner(options.fleet.streamKeys);
    this.refusals = new Refusals(clock, log);
    const admission = new AdmissionControl(drivers.eventLoopDelay, options.admission);
    this.registry = new CallRegistry(clock, () => Math.min(callsMax, slots()), admission);
    const planFor = (callSid: string, parties: Parties, context: ContextValues): CallPlan =>
      this.#plan(options.agentFor(callSid, parties, context));
    // A webhook alone, whoever sends so many of them, must not cost a session of the model.
    const earlyRate = { burst: earlySessionsAtOnce, perSecond: callsMax / fillSeconds };
    const earlySessions = new TokenBucket(clock, earlyRate);
    const desk = new CallDesk({ registry: this.registry, journal, clock, earlySessions, planFor, log });
    const { receptionFor, twiml, fleet } = options;
    const ownerOf = fleet === undefined ? undefined : journalOwner(fleet, journal);
    const { refusals } = this;
    const findCall = (callSid: string): CallHost | null => this.registry.find(callSid);
    const takeOver = (callSid: string, token: string, take: (owner: StreamOwner | null) => void): void => {
      const stream = this.registry.isReleasing ? null : (this.#streamSigner?.streamOf(callSid, token) ?? null);
      if (stream === null) take(null);
      else desk.takeOver(callSid, take, stream);
    };
    this.#handshakes = new MediaHandshakes({ clock, callsMax, findCall, takeOver, refusals, log });
    const repeated = new RepeatedWebhooks(clock, log);
    const { askContext: ask = null } = drivers;
    this.#context = new ContextDesk({ clock, ask, wantedFor: options.contextWantedFor ?? (() => null), log });
    const { registry } = this;
    this.fetcher = new CallFetcher({ registry, desk, redirect: drivers.redirect, twiml, clock, log });
    const common = { registry, desk, receptionFor, twiml, log };
    const incoming = new IncomingCalls({ ...common, context: this.#context, takerOf: fleet?.peers.takerOf });
    const answers = { ...common, incoming, repeated, ownerOf, refusals };
    this.webhooks = new Webhooks({ ...answers, successor: fleet?.peers.successor ?? (() => null) });
  }

  /** Takes a socket that was opened at the address of media streams. `peer`: from where, if anybody may open one; else null. */
  acceptSocket(socket: Socket, peer: string | null): void {
    this.#handshakes.accept(socket, peer);
  }

  /** Takes what an operator orders of a call, and says at once whether it is done. */
  order(callSid: string, order: OperatorOrder): OrderOutcome {
    return this.registry.find(callSid)?.order(order) ?? orderOutcome('callIsOver');
  }

  /** Takes a picture that the caller of a call shows: JPEG. Says at once whether the model gets it. */
  show(callSid: string, jpeg: Uint8Array): OrderOutcome {
    return this.registry.find(callSid)?.show(jpeg) ?? orderOutcome('callIsOver');
  }

  /**
   * Takes no new calls, and lets the live ones end or releases them (`drain.ts`). Calls `done`, in bounded time, with how many were cut
   * off.
   */
  drain(msMax: number, done: (cutOff: number) => void): void {
    const { clock, journal } = this.#drivers;
    // Who hears it ring already still gets the agent.
    this.#context.hurry();
    const { leavesCalls, fleet } = this.#options;
    const isOnRecord = (): boolean => journal.state.kind === 'open';
    const canRelease = (): boolean => leavesCalls && isOnRecord();
    const canHandOver = (): boolean => isOnRecord() && (fleet?.peers.successor() ?? null) !== null;
    drain(this.registry, { clock, msMax, canRelease, canHandOver }, done);
  }

  #plan({ first, fallback, instructionAt, account, ...agent }: CallAgent): CallPlan {
    const { clock, busyness, randomness, sdk, connect, redirect, runTool } = this.#drivers;
    const { twiml } = this.#options;
    const openModel = (
      drivers: SessionDrivers,
      { handle, recap, fallback: usesFallback }: ModelOrder,
      after: ModelSession | null,
      onFact: (fact: CallFact) => void,
      log: Logger,
    ): ModelSession => {
      const hears = (fact: CallFact): void => {
        this.alarm.hears(fact, log);
        onFact(fact);
      };
      const usual = usesFallback ? fallback : first;
      const setup =
        instructionAt === undefined ? usual : { ...usual, systemInstruction: instructionAt(clock.unixMs()) };
      return openModelSession(drivers, setup, { handle, recap, after }, hears, log);
    };
    return {
      world: {
        ...agent,
        clock,
        busyness,
        frameWaits: this.#frameWaits,
        randomness,
        sdk,
        connect,
        redirect,
        runTool,
        openModel,
        ...(this.#streamSigner !== undefined && { streamSigner: this.#streamSigner }),
        render: (document, streamToken) =>
          twiml.write(document, agent.served.languageTag, { callSid: agent.served.callSid, streamToken }),
      },
      models: { first: first.model, fallback: fallback.model },
      account: account ?? null,
    };
  }
}
