import { placeAt } from '../call/call-scene.ts';
import { type CallSettings, usualPatience } from '../../src/call/call-settings.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../src/encoding/json.ts';
import { modelRules } from '../../src/gemini/models.ts';
import { type CallAgent, PhoneService, type ServiceOptions } from '../../src/host/phone-service.ts';
import { calmCallsMax } from '../../src/host/incoming/admission-control.ts';
import type { ContextQuestion, ContextReply } from '../../src/host/incoming/context-desk.ts';
import type { RunTool, ToolSettlement } from '../../src/host/tooling/tool-runner.ts';
import type { WebhookAnswer } from '../../src/host/webhooks.ts';
import { Journal } from '../../src/store/journal.ts';
import { memoryBackend, MemoryStore, type StoreLatency } from '../../src/sim/driver/memory-store.ts';
import { numberedRandomness } from '../../src/sim/driver/numbered-randomness.ts';
import { SimulatedSdk } from '../../src/sim/driver/simulated-sdk.ts';
import { VirtualClock } from '../../src/sim/driver/virtual-clock.ts';
import { VirtualSocket } from '../../src/sim/driver/virtual-socket.ts';
import { standardAudioPath } from '../../src/sounds/standard-audio-path.ts';
import { createTools, defineTool } from '../../src/tools/tool.ts';
import { processName } from '../../src/system/process-name.ts';
import type { Clock } from '../../src/system/clock.ts';
import type { EventLoopDelay } from '../../src/system/load/event-loop-delay.ts';
import type { Connect } from '../../src/system/socket.ts';
import type { WebhookQuery } from '../../src/twilio/forms.ts';
import { paths } from '../../src/twilio/paths.ts';
import type { Redirect } from '../../src/twilio/redirect.ts';
import { TwimlWriter } from '../../src/twilio/twiml-writer.ts';
import { z } from 'zod';
import { LogLines } from '../log-lines.ts';
import { passTime } from '../virtual-time.ts';
import { recordedAgent } from '../wire-fixtures.ts';
import { toolContext } from '../tools/tool-context.ts';

export const callSid = `CA${'7'.repeat(32)}`;
export const otherCall = `CA${'8'.repeat(32)}`;

export const settings: CallSettings = {
  greeting: 'Hello, this is Parley.',
  apology: 'I am sorry.',
  caller: '+15550177',
  destinations: { support: placeAt('+15550100') },
  fallback: { number: '+15550102', voicemail: null },
  callMsMax: 600_000,
  model: { first: modelRules('gemini-3.8-live').behavior, fallback: modelRules('gemini-3.8-live').behavior },
  sessionMsMax: 540_000,
  // Time passes in which nobody says anything.
  bargeIn: null,
  patience: { ...usualPatience, toneMs: 300_000, phraseMs: 400_000, stepMs: 300_000, idleMs: 600_000 },
  tools: {},
};

/** Tools of which the bench decides how they come out. */
const tools = createTools(
  ['order', 'end_call'].map((name) =>
    defineTool({ name, description: 'For tests.', parameters: z.object({}), run: () => ({ response: {} }) }),
  ),
);

export interface BenchOptions extends Partial<Pick<ServiceOptions, 'callsMax' | 'leavesCalls' | 'fleet' | 'slots'>> {
  readonly settings?: CallSettings;
  /** What a number's callers get for whom there is no call; the settings above unless set. */
  readonly receptionFor?: ServiceOptions['receptionFor'];
  readonly agent?: Partial<CallAgent>;
  /** What sets the agent of one call apart. */
  readonly agentOf?: (callSid: string) => Partial<CallAgent>;
  /** Values that the texts name, with their defaults; a server is asked for them if there are some. */
  readonly contextDefaults?: ReadonlyMap<string, string>;
  /** Makes what knows how late the process is, which is never late unless set; and with how many calls that matters, as usual unless set. */
  readonly eventLoopDelay?: (clock: Clock) => EventLoopDelay;
  readonly callsMin?: number;
  /** The record of calls; null for none. A store of its own unless set. */
  readonly store?: MemoryStore | null;
  /** How long the store takes; 1 ms unless set. */
  readonly latency?: StoreLatency;
}

const neverLate = (): EventLoopDelay => ({ delayMs: () => 0 });

/** A media socket, from Twilio's end. */
export interface BenchStream {
  readonly socket: VirtualSocket;
  readonly received: JsonObject[];
  /** The code with which the service closed it. */
  closeCode: number | null;
  isCut: boolean;
}

/** A connection to the model, from the model's end. */
export interface BenchSession {
  readonly socket: VirtualSocket;
  readonly received: object[];
  isClosed: boolean;
}

let processes = 0;

/** The service in virtual time. Twilio and the model say what a test has them say, and time passes when a test says so. */
export class ServiceBench {
  readonly clock = new VirtualClock(Date.UTC(2026, 0, 1));
  readonly log = new LogLines();
  /** What the process is called in the store. */
  readonly name: string;
  readonly journal: Journal;
  readonly service: PhoneService;
  readonly sessions: BenchSession[] = [];
  readonly redirects: { readonly callSid: string; readonly twiml: string; readonly done: Parameters<Redirect>[2] }[] =
    [];
  readonly toolRuns: {
    readonly name: string;
    readonly signal: AbortSignal;
    readonly done: (settlement: ToolSettlement) => void;
  }[] = [];
  readonly parties: unknown[] = [];
  /** What a server was asked about new calls, and how it answers. */
  readonly questions: {
    readonly question: ContextQuestion;
    readonly signal: AbortSignal;
    readonly done: (reply: ContextReply) => void;
  }[] = [];
  /** What was known of each call when its agent was made. */
  readonly contexts: Record<string, string>[] = [];
  #sequence = 0;

  constructor(options: BenchOptions = {}) {
    const { store = new MemoryStore(), latency = () => 1, callsMax = 10, leavesCalls = true } = options;
    const { eventLoopDelay = neverLate, callsMin = calmCallsMax } = options;
    const own = options.settings ?? settings;
    const { clock, log } = this;
    processes += 1;
    const instance = options.fleet?.instance ?? null;
    const name = processName(instance, `process-${processes}`);
    this.name = name;
    const open = store === null ? null : () => memoryBackend(store, name, clock, latency);
    this.journal = new Journal({ open, clock, log: log.logger });
    const agent = { ...recordedAgent, tools: [...tools.values()] };
    this.service = new PhoneService(
      {
        callsMax,
        admission: { delayMsMax: 100, callsMin },
        leavesCalls,
        ...(options.fleet === undefined ? {} : { fleet: options.fleet }),
        ...(options.slots === undefined ? {} : { slots: options.slots }),
        receptionFor: options.receptionFor ?? (() => ({ settings: own, sayLanguage: null })),
        twiml: new TwimlWriter({ publicUrl: () => 'https://parley.example', instance }),
        contextWantedFor: () => ({ agent: 'desk', defaults: options.contextDefaults ?? new Map() }),
        agentFor: (ofCall, parties, context) => {
          this.parties.push({ callSid: ofCall, ...parties });
          this.contexts.push(Object.fromEntries(context));
          const served = { ...toolContext().call, callSid: ofCall, ...parties };
          const usual = { settings: own, audioPath: standardAudioPath, tools, served, observers: [] };
          return {
            ...usual,
            first: agent,
            fallback: { ...agent, model: 'gemini-other' },
            ...options.agent,
            ...options.agentOf?.(ofCall),
          };
        },
      },
      {
        clock,
        eventLoopDelay: eventLoopDelay(clock),
        busyness: { isBusy: false },
        randomness: numberedRandomness(() => 0),
        sdk: new SimulatedSdk('wss://model.example', () => this.#sender()),
        connect: this.#connect,
        redirect: (ofCall, twiml, done) => void this.redirects.push({ callSid: ofCall, twiml, done }),
        runTool: this.#runTool,
        askContext: (question, signal, done) => void this.questions.push({ question, signal, done }),
        journal: this.journal,
        log: log.logger,
      },
    );
  }

  /** Time passes, and everything that becomes due by then happens in its order. */
  passes(ms: number): this {
    passTime(this.clock, ms);
    return this;
  }

  /** Sends a webhook. The list holds every answer that comes, also later. */
  posts(
    path: keyof typeof paths,
    fields: Readonly<Record<string, string>> = {},
    query: WebhookQuery = {},
  ): WebhookAnswer[] {
    const form = { CallSid: callSid, AccountSid: 'AC1', From: '+15550177', To: '+15550188', ...fields };
    const request = { path: paths[path], query, form: { Direction: 'inbound', CallStatus: 'in-progress', ...form } };
    const answers: WebhookAnswer[] = [];
    this.service.webhooks.take(request, (answer) => void answers.push(answer));
    return answers;
  }

  /** Sends a webhook, and returns the TwiML of its answer; what else it is answered with, as JSON. */
  asks(path: keyof typeof paths, fields: Readonly<Record<string, string>> = {}, query: WebhookQuery = {}): string {
    const answers = this.posts(path, fields, query);
    this.passes(10);
    const [only] = answers;
    return only !== undefined && 'twiml' in only && answers.length === 1 ? only.twiml : JSON.stringify(answers);
  }

  /** Opens a media socket, and sends the start message when there is a token to bring. */
  opensStream(token: string | null, ofCall = callSid): BenchStream {
    const received: JsonObject[] = [];
    const socket = new VirtualSocket('open', this.clock, {
      send(text) {
        const message = parseJson(text);
        if (isJsonObject(message)) received.push(message);
      },
      ping: () => void this.clock.after(1, () => socket.ponged()),
      close: (code) => (stream.closeCode = code),
      drop: () => (stream.isCut = true),
    });
    const stream: BenchStream = { socket, received, closeCode: null, isCut: false };
    this.service.acceptSocket(socket, null);
    if (token !== null) this.says(stream, startMessage(token, ofCall));
    return stream;
  }

  /** Twilio sends a message on a stream. */
  says({ socket }: BenchStream, message: object): void {
    this.#sequence += 1;
    const frame = { sequenceNumber: String(this.#sequence), streamSid: 'MZ1', ...message };
    socket.received(JSON.stringify(frame), false);
  }

  /** Takes a call up to its open stream and session. */
  talks(ofCall = callSid): { readonly stream: BenchStream; readonly session: BenchSession } {
    const twiml = this.asks('voice', { CallSid: ofCall, CallStatus: 'ringing' });
    const stream = this.opensStream(tokenIn(twiml), ofCall);
    return { stream, session: this.answersSetup() };
  }

  /** The session that was opened last is connected, and its setup answered. */
  answersSetup(): BenchSession {
    const session = this.sessions.at(-1);
    if (session === undefined) throw new RangeError('There is no session.');
    session.socket.opened();
    this.modelSays(session, { setupComplete: {} });
    return session;
  }

  modelSays({ socket }: BenchSession, message: object): void {
    socket.received(JSON.stringify(message), false);
  }

  readonly #connect: Connect = (_url, _headers, listener) => {
    const socket = new VirtualSocket('connecting', this.clock, {
      send: () => {},
      ping: () => {},
      close: () => {
        session.isClosed = true;
        socket.closed(1000, '');
      },
      drop: () => (session.isClosed = true),
    });
    const session: BenchSession = { socket, received: [], isClosed: false };
    socket.listen(listener);
    this.sessions.push(session);
    return socket;
  };

  #sender(): (message: object) => void {
    const session = this.sessions.at(-1);
    return (message) => void session?.received.push(message);
  }

  readonly #runTool: RunTool = ({ name }, _args, { signal }, done) => void this.toolRuns.push({ name, signal, done });
}

function startMessage(token: string, ofCall: string): object {
  const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
  const start = { accountSid: 'AC1', streamSid: 'MZ1', callSid: ofCall, mediaFormat, customParameters: { token } };
  return { event: 'start', start };
}

/** The token that the next stream of a call must bring. */
export function tokenIn(twiml: string): string {
  return /name="token" value="([^"]+)"/.exec(twiml)?.[1] ?? '';
}
