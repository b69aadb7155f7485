import { performance } from 'node:perf_hooks';
import type { WebSocket } from 'ws';
import type { MulawCodec } from '../../../audio/mulaw.ts';
import { Caller } from '../../caller/caller.ts';
import type { Handset } from '../../caller/handset.ts';
import type { CallerScriptInput } from '../../caller/caller-script.ts';
import { parseCallerScript } from '../../caller/caller-script.ts';
import type { CallReport } from '../call-report.ts';
import { callReport } from '../call-report.ts';
import type { CarrierCall } from '../carrier-call.ts';
import type { CallStatus, CarrierEffect, CarrierEvent, CarrierNote, RestUpdate } from '../carrier-events.ts';
import type { StreamOddities } from '../carrier-settings.ts';
import type { ConferenceMember } from './conference-host.ts';
import { ConferenceHost } from './conference-host.ts';
import { randomSid, seededRandom } from '../../seeded-random.ts';
import { carrierCallOf, type PhoneCallOptions } from './phone-call-options.ts';
import type { Route } from './twilio-wire.ts';
import { openMediaSocket } from './twilio-wire.ts';
import { WebhookSender } from './webhook-sender.ts';

/** A call to place whose caller follows a script. */
export interface PlaceCallOptions extends PhoneCallOptions {
  readonly script: CallerScriptInput;
  /** Recorded speech by name, mu-law at 8 kHz. */
  readonly clips?: ReadonlyMap<string, Uint8Array>;
  readonly codec: MulawCodec;
}

/** How long a half-open socket stays before its end is noticed: reports say 30 to 120 s (TW-CLOSE-3). */
const halfOpenMs = 30_000;

/** How long closed sockets may take to say goodbye, once the call is over. */
const farewellMsMax = 2000;

/** Calls a number: one simulated call against a real server, over HTTP and WebSocket, in real time. Throws for a wrong script. */
export function placeCall(options: PlaceCallOptions): PhoneCall {
  const { codec, clips = new Map(), seed } = options;
  const script = parseCallerScript(options.script, clips.keys());
  // The noise draws numbers of its own, so that it does not change the jitter.
  return new PhoneCall(options, new Caller({ script, clips, codec, nextRandom: seededRandom(~seed) }));
}

/** A live simulated call. It owns one timer; times in its report are those of `performance.now()`. */
export class PhoneCall implements ConferenceMember {
  readonly callSid: string;
  readonly from: string;
  readonly to: string;
  /** Resolves when the call is over, its callbacks are answered and its sockets are closed. Rejects when the phone network itself breaks. */
  readonly ended: Promise<CallReport>;
  readonly #machine: CarrierCall;
  readonly #route: Route;
  readonly #oddities: StreamOddities;
  readonly #sender: WebhookSender;
  readonly #conferences: ConferenceHost;
  readonly #ownsConferences: boolean;
  /** Streams whose sockets are open and carry nothing any more. */
  readonly #dead = new Set<string>();
  readonly #onNote: ((note: CarrierNote) => void) | undefined;
  readonly #events: CarrierEvent[] = [];
  readonly #timeline: CarrierNote[] = [];
  readonly #sockets = new Map<string, WebSocket>();
  readonly #resolve: (report: CallReport) => void;
  readonly #reject: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #tick: NodeJS.Immediate | undefined;

  /** `caller` speaks and listens: a script, or a person. */
  constructor(options: PhoneCallOptions, caller: Handset) {
    const { promise, resolve, reject } = Promise.withResolvers<CallReport>();
    this.ended = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#onNote = options.onNote;
    this.callSid = options.callSid ?? randomSid('CA', seededRandom(options.seed));
    this.#route = {
      publicOrigin: new URL(options.publicUrl).origin,
      target: options.target,
      authToken: options.authToken,
      webhookSecret: options.webhookSecret,
    };
    this.#oddities = options.oddities ?? {};
    this.#sender = new WebhookSender(this.#route, (event) => this.#handle(event));
    this.#ownsConferences = options.conferences === undefined;
    this.#conferences = options.conferences ?? new ConferenceHost({ ...options, route: this.#route });
    this.from = options.from;
    this.to = options.to;
    this.#machine = carrierCallOf(options, this.callSid, caller);
    // Only then has the owner the call that the first note may make it act on.
    queueMicrotask(() => this.#handle({ type: 'call.placed' }));
  }

  get status(): CallStatus {
    return this.#machine.status;
  }

  /** The caller hangs up. */
  hangUp(): void {
    this.#handle({ type: 'caller.hungUp' });
  }

  /** The conferences that the call may join, for a REST server. */
  get conferences(): ConferenceHost {
    return this.#conferences;
  }

  /**
   * The media socket is lost (TW-CLOSE-3). `cut`: it vanishes. `halfOpen`: Twilio gives the stream up, and the other side finds out half
   * a minute later. `silent`: it carries nothing any more, and neither side is told.
   */
  loseNetwork(how: 'cut' | 'halfOpen' | 'silent' = 'cut'): void {
    if (how === 'silent') for (const streamSid of this.#sockets.keys()) this.#deaden(streamSid);
    else this.#handle({ type: how === 'cut' ? 'network.failed' : 'network.stalled' });
  }

  /** The conference is over for this call. */
  released(bridged: boolean): void {
    this.#handle({ type: 'conference.left', bridged });
  }

  /** An order of the REST API; without effect once the call is over. */
  update(update: RestUpdate): void {
    this.#handle({ type: 'rest.updated', update });
  }

  /** A note may make its reader act on the call; such an event waits until the one before it is done. */
  #handle(event: CarrierEvent): void {
    this.#events.push(event);
    if (this.#events.length > 1) return;
    try {
      this.#handleAll();
    } catch (error) {
      return this.#broke(error);
    }
    this.#stopWaiting();
    const deadlineMs = this.#machine.nextDeadline();
    if (deadlineMs === null) this.#finish();
    else this.#timer = setTimeout(() => this.#tickSoon(), Math.max(0, deadlineMs - performance.now()));
  }

  #handleAll(): void {
    for (let next = this.#events[0]; next !== undefined; next = this.#events[0]) {
      for (const effect of this.#machine.handle(next, performance.now())) this.#perform(effect);
      this.#events.shift();
    }
  }

  /** A fault of ours ends this call alone. The event over which it broke stays, so that no other is handled. */
  #broke(error: unknown): void {
    this.#stopWaiting();
    for (const socket of this.#sockets.values()) socket.terminate();
    this.#reject(error);
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#tick);
  }

  /** After a busy moment, what has arrived meanwhile comes first: the speech of a person, above all. */
  #tickSoon(): void {
    this.#tick = setImmediate(() => this.#handle({ type: 'tick' }));
  }

  #finish(): void {
    if (this.#sockets.size === 0) {
      const streams = this.#machine.streamReports(performance.now());
      if (this.#ownsConferences) this.#conferences.close();
      this.#resolve(callReport(this.callSid, this.#timeline, streams, this.#machine.recordings));
      return;
    }
    this.#timer = setTimeout(() => {
      for (const socket of this.#sockets.values()) socket.terminate();
    }, farewellMsMax);
  }

  #perform(effect: CarrierEffect): void {
    switch (effect.type) {
      case 'http.request':
      case 'http.abort':
        this.#sender.perform(effect);
        break;
      case 'conference.join':
        this.#conferences.join(this, effect.name, effect.seat);
        break;
      case 'conference.leave':
        this.#conferences.leave(this.callSid, effect.why);
        break;
      case 'socket.open':
        this.#openSocket(effect.streamSid, effect.url);
        break;
      case 'socket.send':
        if (!this.#dead.has(effect.streamSid)) this.#sockets.get(effect.streamSid)?.send(effect.text);
        break;
      case 'socket.close':
        this.#sockets.get(effect.streamSid)?.close(effect.code === 1005 ? undefined : effect.code);
        break;
      case 'socket.drop':
        this.#sockets.get(effect.streamSid)?.terminate();
        break;
      case 'socket.abandon':
        this.#abandon(effect.streamSid);
        break;
      case 'note':
        this.#timeline.push(effect.note);
        this.#onNote?.(effect.note);
        break;
    }
  }

  /** The other side is not told: nothing is sent, read or answered any more, not even a ping. */
  #deaden(streamSid: string): void {
    this.#dead.add(streamSid);
    this.#sockets.get(streamSid)?.pause();
  }

  #abandon(streamSid: string): void {
    this.#deaden(streamSid);
    const socket = this.#sockets.get(streamSid);
    const timer = setTimeout(() => socket?.terminate(), halfOpenMs);
    socket?.on('close', () => clearTimeout(timer));
  }

  #openSocket(streamSid: string, url: string): void {
    const socket = openMediaSocket(url, this.#route, this.#oddities);
    if (socket === null) {
      queueMicrotask(() => this.#handle({ type: 'socket.refused', streamSid, status: null }));
      return;
    }
    this.#sockets.set(streamSid, socket);
    let refused: { readonly status: number | null } | null = { status: null };
    socket.on('open', () => {
      refused = null;
      this.#handle({ type: 'socket.opened', streamSid });
    });
    socket.on('unexpected-response', (_request, response) => {
      refused = { status: response.statusCode ?? null };
      socket.terminate();
    });
    socket.on('message', (data: Buffer, isBinary) => {
      this.#handle({ type: 'socket.received', streamSid, data: isBinary ? data : data.toString('utf8') });
    });
    socket.on('error', () => {
      // A close event follows and tells the machine.
    });
    socket.on('close', (code) => {
      this.#sockets.delete(streamSid);
      if (refused === null) this.#handle({ type: 'socket.closed', streamSid, code });
      else this.#handle({ type: 'socket.refused', streamSid, status: refused.status });
    });
  }
}
