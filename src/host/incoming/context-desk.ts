import { type ContextValues, readContext } from '../../agents/context/context-values.ts';
import { parseJson } from '../../encoding/json.ts';
import type { ErrorCode } from '../../errors.ts';
import { type Clock, withDeadline } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import type { Parties } from '../call-desk.ts';

/** How long a caller hears it ring longer because somebody is asked about the call. People take less than one ring for an answer. */
export const contextMsMax = 1_500;

/** What is asked about a call before it is answered. */
export interface ContextQuestion extends Parties {
  readonly callSid: string;
  readonly agent: string;
}

/** What came of a question: a text, which should be JSON, or why there is none, in a sentence for the admin. */
export type ContextReply = { readonly text: string } | { readonly failed: string };

/** How a driver asks: calls `done` once. Whoever asks decides how long that may take, and then aborts. */
export type AskContext = (question: ContextQuestion, signal: AbortSignal, done: (reply: ContextReply) => void) => void;

/** Which agent is to answer a call, and the values that its texts name. */
export interface ContextWanted {
  readonly agent: string;
  /** The declared names with their defaults. */
  readonly defaults: ContextValues;
}

/** What a context desk is made of. */
export interface ContextDeskParts {
  readonly clock: Clock;
  /** Null: nobody is asked. */
  readonly ask: AskContext | null;
  /** Null for a call about which nobody needs to be asked. */
  readonly wantedFor: (parties: Parties) => ContextWanted | null;
  readonly log: Logger;
}

/** What was learned of a call; null when its caller has hung up meanwhile. */
type Gathered = (values: ContextValues | null) => void;

const nothing: ContextValues = new Map();

/** Asks about new calls, each for a bounded time. What is not known by then is left to the defaults. */
export class ContextDesk {
  readonly #parts: ContextDeskParts;
  /** By CallSid, what ends the wait for an answer. */
  readonly #waiting = new Map<string, { readonly all: Gathered[]; readonly settle: Gathered }>();

  constructor(parts: ContextDeskParts) {
    this.#parts = parts;
  }

  /** Calls `done` with what is known of a call beside its numbers: at once when there is nobody to ask. Whoever asks twice waits once. */
  gather(callSid: string, parties: Parties, done: Gathered): void {
    const { ask, wantedFor } = this.#parts;
    const waiting = this.#waiting.get(callSid);
    if (waiting !== undefined) return void waiting.all.push(done);
    const wanted = ask === null ? null : wantedFor(parties);
    if (ask === null || wanted === null || wanted.defaults.size === 0) return done(nothing);
    this.#ask(ask, { callSid, ...parties, agent: wanted.agent }, wanted.defaults, done);
  }

  /** The caller has hung up. Returns whether somebody was still being asked. */
  leave(callSid: string): boolean {
    const waiting = this.#waiting.get(callSid);
    waiting?.settle(null);
    return waiting !== undefined;
  }

  /** Nobody waits any longer: the calls that ring are answered with what is known. */
  hurry(): void {
    for (const { settle } of this.#waiting.values()) settle(nothing);
  }

  #ask(ask: AskContext, question: ContextQuestion, defaults: ContextValues, done: Gathered): void {
    const { clock } = this.#parts;
    const { callSid } = question;
    const startedAtMs = clock.nowMs();
    const abort = new AbortController();
    const all = [done];
    const settle: Gathered = (values) => {
      if (!this.#waiting.delete(callSid)) return;
      abort.abort();
      for (const one of all) one(values);
    };
    this.#waiting.set(callSid, { all, settle });
    withDeadline<ContextReply>(
      clock,
      contextMsMax,
      (bring) => ask(question, abort.signal, bring),
      (reply) => {
        if (!this.#waiting.has(callSid)) return;
        settle(this.#read(callSid, reply, defaults, Math.round(clock.nowMs() - startedAtMs)));
      },
    );
  }

  /** The values of an answer. What it lacks, and why, is told in one line. */
  #read(callSid: string, reply: ContextReply | null, defaults: ContextValues, waitedMs: number): ContextValues {
    const { log } = this.#parts;
    const missing = (fault: ErrorCode, why: string): ContextValues => {
      log.warn({ callSid, fault, why, waitedMs }, 'contextMissing');
      return nothing;
    };
    if (reply === null) return missing('context.late', `There was no answer within ${contextMsMax} ms.`);
    if ('failed' in reply) return missing('context.failed', reply.failed);
    const answer = readContext(parseJson(reply.text), defaults);
    if (answer === null) return missing('context.invalid', 'The answer is no JSON object.');
    const { values, unknown, unusable } = answer;
    if (unknown.length + unusable.length > 0) {
      const fault: ErrorCode = 'context.invalid';
      log.warn({ callSid, fault, unknown, unusable, waitedMs }, 'contextPartlyUsed');
    } else log.info({ callSid, names: [...values.keys()], waitedMs }, 'contextGathered');
    return values;
  }
}
