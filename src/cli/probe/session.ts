import type { ToolAnswer } from '../../call/effects.ts';
import type { CallFact } from '../../call/events.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../encoding/json.ts';
import type { ModelAccess } from '../../gemini/edge/access.ts';
import { googleSdk } from '../../gemini/edge/google-sdk.ts';
import { GuardedSocket } from '../../gemini/guarded-socket.ts';
import { modelFrameBytesMax } from '../../gemini/model-budget.ts';
import type { SdkSession } from '../../gemini/sdk.ts';
import {
  type AgentSetup,
  audioInput,
  liveSetup,
  type SessionStart,
  textTurn,
  toolResponses,
} from '../../gemini/setup.ts';
import { withoutAddresses } from '../../gemini/without-addresses.ts';
import { systemClock } from '../../system/clock.ts';
import type { Connect, Socket } from '../../system/socket.ts';
import { webSocketConnect } from '../../system/web-socket/web-socket.ts';
import { within } from '../../system/within.ts';
import { ProbeFailure } from './failure.ts';
import type { Frame, FrameLog } from './frames.ts';

/** Setups are answered within 2.4 s or never (GM-SETUP-3). */
const setupMsMax = 10_000;

/** A closing handshake takes one round trip. */
const closeMsMax = 5_000;

/** Pongs took up to 30 s (GM-PING-1). */
export const pongMsMax = 30_000;

/** How a session is opened: as a call opens it, but for what a question changes. */
export interface SessionPlan {
  readonly agent: AgentSetup;
  readonly access: ModelAccess;
  readonly start?: SessionStart;
  /** Changes the setup message on its way to the wire. */
  readonly amend?: (setup: JsonObject) => JsonObject;
  /** Another version of the interface than Parley uses. */
  readonly apiVersion?: string;
}

/** What a session tells whoever opened it. */
export interface SessionWatch {
  /** The number of the session within its question. */
  readonly number: number;
  readonly frames: FrameLog;
  readonly onFact: (fact: CallFact) => void;
}

/** How a session ended. */
export interface SessionEnd {
  readonly code: number;
  readonly reason: string;
}

/**
 * A session with the service: the production setup, the real SDK and the guarded socket, with a record of both directions under them. Frames
 * are read one at a time, so that a question can wait for what must come next, and any frame can be sent.
 */
export class ProbeSession {
  /** The latest handle; the one before stays in force while the model works (GM-RESUME-1). */
  handle: string | null = null;
  /** From the start of the connection to the answer to the setup; null while there is none. */
  setupMs: number | null = null;
  /** Why there is no session, or how it ended; null while it is open. */
  end: SessionEnd | null = null;
  readonly #plan: SessionPlan;
  readonly #watch: SessionWatch;
  readonly #unread: Frame[] = [];
  readonly #ended = Promise.withResolvers<void>();
  readonly #settled = Promise.withResolvers<void>();
  #socket: GuardedSocket | null = null;
  #wire: Socket | null = null;
  #sdk: SdkSession | null = null;
  #wake = (): void => {};
  #onPong = (): void => {};

  private constructor(plan: SessionPlan, watch: SessionWatch) {
    this.#plan = plan;
    this.#watch = watch;
  }

  /** Tries to open a session. It is open, or its `end` says why not. */
  static async attempt(plan: SessionPlan, watch: SessionWatch): Promise<ProbeSession> {
    const session = new ProbeSession(plan, watch);
    const startedAtMs = performance.now();
    session.#connect();
    await within(session.#settled.promise, setupMsMax + closeMsMax);
    if (session.#sdk === null) {
      session.#end({ code: 0, reason: 'no answer in time' });
      session.cut();
    } else session.setupMs = Math.round(performance.now() - startedAtMs);
    return session;
  }

  say(text: string): void {
    this.#sdk?.sendClientContent(textTurn(text));
  }

  /** Caller audio: 16 kHz PCM16. */
  sendAudio(pcm: Uint8Array): void {
    this.#sdk?.sendRealtimeInput(audioInput(pcm));
  }

  answer(answer: ToolAnswer): void {
    this.#sdk?.sendToolResponse(toolResponses([answer], this.#plan.agent));
  }

  /** Sends a message as it is, past the SDK. */
  sendRaw(message: JsonObject): void {
    this.#socket?.send(JSON.stringify(message));
  }

  /**
   * Reads on, frame after frame, until `pick` returns something. Throws a ProbeFailure when the session ends first, or after `msMax`.
   */
  async next<Result>(what: string, msMax: number, pick: (frame: Frame) => Result | null): Promise<Result> {
    const untilMs = performance.now() + msMax;
    for (;;) {
      for (let frame = this.#unread.shift(); frame !== undefined; frame = this.#unread.shift()) {
        const picked = pick(frame);
        if (picked !== null) return picked;
      }
      if (this.end !== null)
        throw new ProbeFailure(`${what} did not come: the session ended with ${endText(this.end)}.`);
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0) throw new ProbeFailure(`${what} did not come within ${Math.round(msMax / 1000)} s.`);
      await within(new Promise<void>((resolve) => (this.#wake = resolve)), leftMs);
    }
  }

  /** Takes what has come and was not read. */
  unread(): readonly Frame[] {
    return this.#unread.splice(0);
  }

  /** How long a ping takes, in ms; null when it took too long. */
  async ping(): Promise<number | null> {
    const startedAtMs = performance.now();
    const pong = new Promise<true>((resolve) => (this.#onPong = () => resolve(true)));
    this.#wire?.ping();
    return (await within(pong, pongMsMax)) === null ? null : Math.round(performance.now() - startedAtMs);
  }

  /** Resolves when the service has seen the close: it resumes no session that is still open (GM-RESUME-1). */
  async close(): Promise<void> {
    this.#sdk?.close();
    await within(this.#ended.promise, closeMsMax);
    this.cut();
  }

  /** Waits for the service to end the session. Null when it does not in time. */
  async ends(msMax: number): Promise<SessionEnd | null> {
    await within(this.#ended.promise, msMax);
    return this.end;
  }

  /** Cuts the connection; whoever waits for a frame is told. */
  cut(): void {
    this.#socket?.cut();
    this.#end({ code: 1006, reason: 'cut by the probe' });
  }

  #connect(): void {
    const { agent, access, start, apiVersion } = this.#plan;
    googleSdk(access).connect({
      setup: liveSetup(agent, start),
      createSocket: (url, headers, callbacks) => {
        // A sign-in that took too long.
        if (this.end !== null) throw new ProbeFailure('The session is given up.');
        const address = apiVersion === undefined ? url : url.replace(/\bv1beta1?\b/, apiVersion);
        this.#socket = new GuardedSocket(address, headers, callbacks, {
          clock: systemClock,
          connect: this.#recorded(webSocketConnect(modelFrameBytesMax)),
          setupMsMax,
          onSetupTimeout: () => this.#end({ code: 0, reason: 'the setup was not answered' }),
          // Frames are read where they come from the wire.
          onMessage: () => {},
          onBadFrame: () => {},
          onExcess: (excess) => this.#end({ code: 1006, reason: `cut: ${excess}` }),
        });
        return this.#socket;
      },
      onClose: () => {},
      onSession: (session) => {
        this.#sdk = session;
        this.#settled.resolve();
      },
      onFailed: (why) => {
        this.#end({ code: 1006, reason: withoutAddresses(why) });
        this.#settled.resolve();
      },
    });
  }

  /** A connection that notes what goes over it and amends the setup. */
  #recorded(connect: Connect): Connect {
    const { number, frames } = this.#watch;
    return (url, headers, listener) => {
      const socket = connect(url, headers, {
        ...listener,
        onOpen: () => listener.onOpen(),
        onError: (error) => listener.onError(error),
        onFrameTooLong: () => listener.onFrameTooLong(),
        onMessage: (text, isBinary) => {
          this.#take(frames.add(number, 'service', text));
          listener.onMessage(text, isBinary);
        },
        onPong: () => {
          this.#onPong();
          listener.onPong?.();
        },
        onClose: (code, reason) => {
          this.#end({ code, reason: withoutAddresses(reason) });
          listener.onClose(code, reason);
        },
      });
      this.#wire = socket;
      return amending(socket, (text) => this.#amended(text));
    };
  }

  #amended(text: string): string {
    const { amend } = this.#plan;
    const message = parseJson(text);
    const { setup } = isJsonObject(message) ? message : {};
    const sent = amend !== undefined && isJsonObject(setup) ? JSON.stringify({ setup: amend(setup) }) : text;
    this.#watch.frames.add(this.#watch.number, 'probe', sent);
    return sent;
  }

  #take(frame: Frame): void {
    for (const fact of frame.facts) {
      if (fact.type === 'model.resumptionUpdated' && fact.handle !== null) this.handle = fact.handle;
      this.#watch.onFact(fact);
    }
    this.#unread.push(frame);
    this.#wake();
  }

  #end(end: SessionEnd): void {
    if (this.end !== null) return;
    this.end = end;
    this.#watch.frames.addEnd(this.#watch.number, end);
    this.#ended.resolve();
    this.#wake();
  }
}

/** An end in words: the code and the exact text. */
export function endText({ code, reason }: SessionEnd): string {
  return code === 0 ? reason : `${code} "${reason}"`;
}

/** A socket of which what is sent is changed. */
function amending(socket: Socket, amended: (text: string) => string): Socket {
  return {
    get isOpen() {
      return socket.isOpen;
    },
    get waitingBytes() {
      return socket.waitingBytes;
    },
    listen: (listener) => socket.listen(listener),
    pause: () => socket.pause(),
    send: (text) => socket.send(amended(text)),
    ping: () => socket.ping(),
    close: (code) => socket.close(code),
    terminate: () => socket.terminate(),
  };
}
