import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { CallObserver } from '../../call/call-observer.ts';
import type { DialTarget } from '../../call/phone/destination.ts';
import type { DialOutcomes } from '../../sim/carrier/verbs/dialling.ts';
import type { CallReport } from '../../sim/carrier/call-report.ts';
import type { Clock } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import { type Redirect, redirectFact } from '../../twilio/redirect.ts';
import type { Tool } from '../../tools/tool.ts';
import { BrowserCall } from './browser-call.ts';
import { trialTools } from './trial-tools.ts';

/** People who try the agent at the same time. */
const liveMax = 4;

/** Calls that are over and can still be downloaded, and for how long. A minute of one takes a megabyte. */
const keptMax = 4;
const keptMsMax = 15 * 60_000;

/** Who calls, in the form in which Twilio names the callers of its own browser calls. */
const caller = 'client:browser-phone';

/** The number of the agent, of those that belong to nobody. */
const calledNumber = '+12025550199';

/** Rings for two seconds and talks for three: long enough to see what happens. */
const destinationAnswers = { type: 'answered', ringMs: 2_000, talkMs: 3_000 } as const;

/** Twilio's code for a call that has ended (TW-REST-2). */
const callNotInProgress = 21_220;

/** Where calls go: the webhooks of this service, and how they are signed. */
export interface BrowserLine {
  /** The voice webhook and the status callback, at the address by which the service knows itself. */
  readonly voiceUrl: string;
  readonly statusUrl: string;
  /** Where the service listens on this machine, as in `http://127.0.0.1:8080`. */
  readonly target: string;
  /** Null where signatures are not checked. */
  readonly authToken: string | null;
  readonly accountSid: string;
}

/** An agent as a call from the browser reaches it. */
export interface CalledAgent {
  /** The number that is dialled; null for an agent that answers any. */
  readonly number: string | null;
  /** To whom a call may be passed on, by name. Nobody is called there. */
  readonly destinations: ReadonlyMap<string, readonly DialTarget[]>;
  /** The number that takes over when the agent cannot go on; null for none. */
  readonly fallbackNumber: string | null;
}

/** What calls from the browser are made of. */
export interface BrowserCallsParts {
  /** Asked for when a call is placed: the service is told its port when it listens. */
  readonly line: () => BrowserLine;
  /** Is told of each call before it comes in, so that it is known as one from the browser. */
  readonly expect: (callSid: string) => void;
  /** Whether that was said of a call, however long ago it ended. */
  readonly isOurs: (callSid: string) => boolean;
  /** Whether tools that act are run. */
  readonly callsAct: boolean;
  /** Gives a picture to the agent of a call. Returns why it does not get it, as a sentence, or null. */
  readonly show: (callSid: string, jpeg: Uint8Array) => string | null;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Placed {
  readonly call: BrowserCall;
  /** Who placed it: nobody else may listen, speak, or download it. */
  readonly session: string;
}

/** The calls that are made with the browser: the live ones, and the last ones that are over. */
export class BrowserCalls {
  readonly #parts: BrowserCallsParts;
  readonly #live = new Map<string, Placed>();
  readonly #kept = new Map<string, Placed & { readonly report: CallReport }>();

  constructor(parts: BrowserCallsParts) {
    this.#parts = parts;
  }

  /** Places a call to an agent for this session. Null if there are as many as there may be. */
  place(session: string, { number: agentNumber, destinations, fallbackNumber }: CalledAgent): BrowserCall | null {
    if (this.#live.size >= liveMax) return null;
    const { expect, clock, log } = this.#parts;
    const line = this.#parts.line();
    const callSid = `CA${randomBytes(16).toString('hex')}`;
    const names = new Map(
      [...destinations].flatMap(([name, targets]) => targets.map(({ address }) => [address, name] as const)),
    );
    const dialled = [...names.keys(), ...(fallbackNumber === null ? [] : [fallbackNumber])];
    const call = new BrowserCall({
      call: {
        publicUrl: line.voiceUrl,
        statusCallbackUrl: line.statusUrl,
        target: line.target,
        ...(line.authToken === null ? {} : { authToken: line.authToken }),
        accountSid: line.accountSid,
        callSid,
        from: caller,
        to: agentNumber ?? calledNumber,
        dialOutcomes: Object.fromEntries(dialled.map((to) => [to, destinationAnswers])) satisfies DialOutcomes,
        seed: randomBytes(4).readUInt32BE(),
      },
      names,
      clock,
      show: (jpeg) => this.#parts.show(callSid, jpeg),
    });
    this.#live.set(callSid, { call, session });
    expect(callSid);
    log.info({ callSid, session }, 'browserCallPlaced');
    void call.ended.then(
      (report) => this.#over({ call, session }, report),
      (error: unknown) => {
        this.#live.delete(callSid);
        log.error({ callSid, err: error }, 'browserCallBroke');
      },
    );
    return call;
  }

  /** Connects a page with its call; false if this session has no such call. */
  attach(socket: WebSocket, session: string, callSid: string, lastNumber: number): boolean {
    // A call may be over before its page has come, and the page must learn why.
    const placed = this.#live.get(callSid) ?? this.#kept.get(callSid);
    if (placed?.session !== session) return false;
    placed.call.attach(socket, lastNumber);
    return true;
  }

  /** What a call that is over was like; null if it is not kept for this session. */
  reportOf(session: string, callSid: string): CallReport | null {
    const kept = this.#kept.get(callSid);
    return kept?.session === session ? kept.report : null;
  }

  /** What tells the page of a call; none for calls that come from elsewhere. */
  observersOf(callSid: string): readonly CallObserver[] {
    const placed = this.#live.get(callSid);
    return placed === undefined ? [] : [placed.call.observer];
  }

  /** The tools of a call: from the browser, those that act may be left out. */
  toolsOf(callSid: string, tools: ReadonlyMap<string, Tool>): ReadonlyMap<string, Tool> {
    return this.#parts.isOurs(callSid) && !this.#parts.callsAct ? trialTools(tools) : tools;
  }

  /** Redirects calls from the browser here, and all others by `real`. */
  redirect(real: Redirect): Redirect {
    return (callSid, twiml, done) => {
      if (!this.#parts.isOurs(callSid)) return real(callSid, twiml, done);
      const call = this.#live.get(callSid)?.call;
      // Parley may order something of a call that has just ended. Nobody else has ever heard of it.
      if (call?.isLive !== true) return done(redirectFact({ code: callNotInProgress }));
      call.update({ type: 'twiml', twiml });
      done(redirectFact(null));
    };
  }

  /** Hangs all up. */
  stop(): void {
    for (const { call } of this.#live.values()) call.hangUp('Parley is about to stop, so the call was hung up.');
  }

  #over(placed: Placed, report: CallReport): void {
    const { callSid } = report;
    this.#live.delete(callSid);
    this.#kept.set(callSid, { ...placed, report });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptMax && oldest !== undefined) this.#kept.delete(oldest);
    this.#parts.clock.lazily(keptMsMax, () => this.#kept.delete(callSid));
  }
}
