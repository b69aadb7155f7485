import type { ContextValues } from '../../agents/context/context-values.ts';
import type { CallSettings } from '../../call/call-settings.ts';
import { exitInstruction, fallbackInstruction } from '../../call/phone/exit-instruction.ts';
import type { Logger } from '../../system/logger.ts';
import { type IncomingCall, timesSent, type WebhookQuery } from '../../twilio/forms.ts';
import { paths } from '../../twilio/paths.ts';
import { rejectBusy } from '../../twilio/twiml.ts';
import type { TwimlWriter } from '../../twilio/twiml-writer.ts';
import type { CallDesk } from '../call-desk.ts';
import type { CallHost } from '../call-host.ts';
import type { CallRegistry, NoRoom } from '../call-registry.ts';
import type { ContextDesk } from './context-desk.ts';

/** What the callers of a number get for whom there is no call. */
export interface Reception {
  /** Which fallback they get, and the words. */
  readonly settings: CallSettings;
  /** The BCP-47 tag of the language of those words; null for Twilio's default. */
  readonly sayLanguage: string | null;
}

/**
 * How often a new call is sent on until it stays. What a process knows of the room of others is up to two beats old, so one that seems to have
 * room may be full. Each time costs the caller some hundred milliseconds of ringing.
 */
export const timesSentMax = 3;

/** What it takes to take new calls. */
export interface IncomingCallsParts {
  readonly registry: CallRegistry;
  readonly desk: CallDesk;
  readonly context: ContextDesk;
  readonly receptionFor: (to: string | null) => Reception;
  readonly twiml: TwimlWriter;
  /** An instance that has room for a call which this one does not take, null when none has; undefined where there is no other. */
  readonly takerOf?: ((callSid: string) => string | null) | undefined;
  readonly log: Logger;
}

/** How a new call is answered. What `work` throws, even after a wait, fails this webhook and nothing else. */
export interface IncomingAnswer {
  /** Says whether, and how often, Twilio was sent on with this call. */
  readonly query: WebhookQuery;
  readonly guarded: (work: () => void) => void;
  readonly respond: (twiml: string) => void;
  /** What the call answers; for a caller whose call has no host, the apology and the fallback. */
  readonly ask: (host: CallHost | null) => string;
}

/**
 * Takes new calls, as far as there is room. A call keeps its place while somebody is asked about it. It is on record before Twilio is
 * answered, so that a process that dies just then leaves no unknown call behind.
 */
export class IncomingCalls {
  readonly #parts: IncomingCallsParts;

  constructor(parts: IncomingCallsParts) {
    this.#parts = parts;
  }

  /** A call comes in, or comes in again. */
  take(call: IncomingCall, answer: IncomingAnswer): void {
    const { registry, desk, context } = this.#parts;
    const { callSid, from, to } = call;
    desk.pending(callSid, (takenOver) =>
      answer.guarded(() => {
        const known = takenOver ?? registry.find(callSid);
        if (known !== null || registry.isOver(callSid)) return this.#open(call, known, null, answer);
        // A repeated webhook finds a place kept for its own call.
        const isExpected = registry.isRinging(callSid);
        if (!isExpected && this.#turnsAway(call, answer)) return;
        registry.ring(callSid);
        context.gather(callSid, { from, to }, (values) =>
          answer.guarded(() => {
            registry.stopRinging(callSid);
            if (values === null) return this.#missed(call, answer);
            this.#open(call, registry.find(callSid), values, answer);
          }),
        );
      }),
    );
  }

  /** The caller of a call has hung up. Returns whether it was one that nobody had answered yet. */
  hungUp(callSid: string): boolean {
    const { context, registry } = this.#parts;
    if (!registry.isRinging(callSid)) return false;
    registry.missed(callSid);
    return context.leave(callSid);
  }

  /** Sends a call on for which there is no room, or refuses it where nobody else has any. Returns whether it did. */
  #turnsAway(call: IncomingCall, answer: IncomingAnswer): boolean {
    const { noRoom } = this.#parts.registry;
    if (noRoom === null) return false;
    const other = this.#instead(call.callSid, answer.query);
    if (other !== null) {
      this.#sendOn(call.callSid, other, noRoom, answer);
      return true;
    }
    const refusal = this.#noRoom;
    if (refusal !== null) this.#refuse(call, refusal, answer);
    return refusal !== null;
  }

  /** The instance that is to take a call in place of this one; null when it stays. The browser's phone network knows this process alone. */
  #instead(callSid: string, query: WebhookQuery): string | null {
    const { registry, takerOf } = this.#parts;
    const isBound = timesSent(query) >= timesSentMax || registry.sourceOf(callSid) === 'browser';
    return isBound ? null : (takerOf?.(callSid) ?? null);
  }

  /** The last of several processes goes on answering until it leaves its calls to the next start. */
  get #noRoom(): NoRoom | null {
    const { registry, takerOf } = this.#parts;
    const answersOn = takerOf !== undefined && !registry.isReleasing;
    return answersOn ? registry.noPlace : registry.noRoom;
  }

  #sendOn(callSid: string, instance: string, why: NoRoom, { query, respond }: IncomingAnswer): void {
    const { registry, twiml, log } = this.#parts;
    registry.sentOn();
    log.info({ callSid, to: instance, why, timesSent: timesSent(query) + 1 }, 'callSentOn');
    respond(twiml.askInstance(instance, paths.voice, query));
  }

  /** The caller hung up while somebody was asked. It stands in the history all the same. */
  #missed({ callSid, from, to }: IncomingCall, { respond }: IncomingAnswer): void {
    this.#parts.desk.refuse(callSid, { from, to }, 'The caller hung up before the call was answered.');
    respond(this.#parts.twiml.write({ kind: 'nothing' }, null));
  }

  #open(
    { callSid, from, to, callStatus }: IncomingCall,
    known: CallHost | null,
    context: ContextValues | null,
    { guarded, respond, ask }: IncomingAnswer,
  ): void {
    const { registry, desk, twiml, log } = this.#parts;
    if (known === null && registry.isOver(callSid)) return respond(twiml.write({ kind: 'nothing' }, null));
    if (known === null)
      log.info({ callSid, callStatus, source: registry.sourceOf(callSid), pii: { from, to } }, 'callReceived');
    const answer = ask(known ?? desk.open(callSid, { from, to }, context ?? new Map()));
    desk.recorded(callSid, () => guarded(() => respond(answer)));
  }

  #refuse({ callSid, from, to }: IncomingCall, why: NoRoom, { respond }: IncomingAnswer): void {
    const { registry, desk, receptionFor, log } = this.#parts;
    registry.turnAway(why);
    log.warn({ callSid, why, liveCalls: registry.liveCount, delayMs: Math.round(registry.delayMs) }, 'callRefused');
    const reception = receptionFor(to);
    desk.refuse(callSid, { from, to }, whyRefused(why, registry.liveCount, reception.settings));
    respond(this.#refusal(reception));
  }

  /** What a caller gets for whom there is no room: a human, the voicemail, or the busy tone. */
  #refusal({ settings, sayLanguage }: Reception): string {
    const { twiml } = this.#parts;
    const { number, voicemail } = settings.fallback;
    if (number !== null) return twiml.write(fallbackInstruction(number, null, 0), sayLanguage);
    if (voicemail === null) return rejectBusy();
    return twiml.write(exitInstruction({ kind: 'voicemail' }, settings), sayLanguage);
  }
}

/** Why there was no room for a call beside so many, and what its caller got, in a sentence for a person. */
function whyRefused(noRoom: NoRoom, liveCalls: number, { fallback }: CallSettings): string {
  const why = reasons[noRoom](liveCalls);
  if (fallback.number !== null) return `${why}, so the caller was sent to the fallback number.`;
  return `${why}, so the caller ${fallback.voicemail === null ? 'heard the busy tone' : 'was asked for a message'}.`;
}

const reasons: Readonly<Record<NoRoom, (liveCalls: number) => string>> = {
  draining: () => 'The service was being stopped and took no new calls',
  full: (liveCalls) => `As many calls were live as MAX_CONCURRENT_CALLS or CALLS_PER_PROCESS allows (${liveCalls})`,
  overloaded: (liveCalls) => `The service was later than MAX_EVENT_LOOP_DELAY_MS allows with its ${liveCalls} calls`,
};
