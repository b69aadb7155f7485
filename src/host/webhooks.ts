import type { CalleeQuestion, CallQuestion } from '../call/events.ts';
import { orphanInstruction } from '../call/phone/exit-instruction.ts';
import { type ErrorCode, ParleyError } from '../errors.ts';
import type { Logger } from '../system/logger.ts';
import type { Refusals } from '../system/refusals.ts';
import {
  type CallNews,
  dialledNumber,
  parseCallee,
  parseConnectEnded,
  parseDialEnded,
  parseIncomingCall,
  parseRecordEnded,
  parseRecordingStatus,
  parseStreamStatus,
  parseStatusCallback,
  type StreamFailure,
  webhookEvent,
  type WebhookQuery,
} from '../twilio/forms.ts';
import { paths } from '../twilio/paths.ts';
import type { TwimlWriter } from '../twilio/twiml-writer.ts';
import type { CallDesk } from './call-desk.ts';
import type { CallHost } from './call-host.ts';
import type { CallRegistry } from './call-registry.ts';
import type { OwnerOf } from './fleet/fleet.ts';
import type { IncomingCalls, Reception } from './incoming/incoming-calls.ts';
import type { RepeatedWebhooks } from './repeated-webhooks.ts';

/** A webhook of Twilio whose signature was checked. */
export interface WebhookRequest {
  /** One of `paths`. */
  readonly path: string;
  /** Whose address was called; null for that of anybody. */
  readonly instance?: string | null;
  readonly query: WebhookQuery;
  /** The fields of the form; a field that came twice is an array. */
  readonly form: unknown;
}

/** How a webhook is answered: with TwiML, with nothing, or with a sentence that says what is wrong with it. */
export type WebhookAnswer =
  | { readonly status: 200; readonly twiml: string }
  | { readonly status: 204 }
  | { readonly status: 400 | 500; readonly why: string };

type Respond = (answer: WebhookAnswer) => void;

/** A webhook that is to be answered with TwiML. */
interface Asked {
  readonly request: WebhookRequest;
  /** The number that was called, if it is known. */
  readonly to: string | null;
  readonly respond: Respond;
}

/** A question about a call in mid-call, or about the one who is called for it. */
interface Question<Fact = CallQuestion | CalleeQuestion> {
  readonly callSid: string;
  readonly fact: Fact;
}

/** What answers to webhooks are made of. */
export interface WebhookParts {
  readonly registry: CallRegistry;
  readonly desk: CallDesk;
  readonly incoming: IncomingCalls;
  readonly receptionFor: (to: string | null) => Reception;
  readonly twiml: TwimlWriter;
  readonly repeated: RepeatedWebhooks;
  /** Without it, a call that this process does not have is taken over. */
  readonly ownerOf?: OwnerOf | undefined;
  /** An instance that takes calls which this process leaves; null when there is none. */
  readonly successor: () => string | null;
  readonly refusals: Refusals;
  readonly log: Logger;
}

/**
 * Answers Twilio's webhooks. Each is answered within milliseconds, except where something is waited for, in bounds: for the context of
 * a new call, until it is on record, and for a call that this process does not know.
 */
export class Webhooks {
  readonly #parts: WebhookParts;

  constructor(parts: WebhookParts) {
    this.#parts = parts;
  }

  /** Calls `respond` once, whatever happens. A form that cannot be read is answered with 400. */
  take(request: WebhookRequest, respond: Respond): void {
    let isAnswered = false;
    const respondOnce: Respond = (answer) => {
      if (isAnswered) return;
      isAnswered = true;
      respond(answer);
    };
    this.#guarded(respondOnce, () => this.#route(request, respondOnce));
  }

  /** Does some work for a webhook. What it throws, even after a wait, fails this webhook and nothing else. */
  #guarded(respond: Respond, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof ParleyError) {
        this.#parts.refusals.add('webhookRefused', { fault: error.code, why: error.message });
        return respond({ status: 400, why: error.message });
      }
      this.#parts.log.error({ err: error }, 'requestFailed');
      respond({ status: 500, why: 'Internal error.' });
    }
  }

  #route(request: WebhookRequest, respond: Respond): void {
    const { path, query, form } = request;
    const event = webhookEvent(path, query, form);
    const isRepeated = this.#parts.repeated.note(event);
    const asked: Asked = { request, to: dialledNumber(form), respond };
    switch (path) {
      case paths.voice:
        return this.#receive(parseIncomingCall(form), asked);
      case paths.streamEnded:
        return this.#answer(parseConnectEnded(form, query.stream), asked);
      case paths.dialEnded:
        return this.#dialEnded(parseDialEnded(form, query.attempt), event, asked);
      case paths.callee:
        return this.#callee(parseCallee(form, query), asked);
      case paths.voicemailEnded:
        return this.#answer(parseRecordEnded(form), asked);
      case paths.status:
        return this.#ended(parseStatusCallback(form), respond);
      case paths.streamStatus:
        return this.#streamFailed(parseStreamStatus(form), isRepeated, respond);
      default:
        return this.#recordingStored(parseRecordingStatus(form), isRepeated, respond);
    }
  }

  #receive(call: ReturnType<typeof parseIncomingCall>, asked: Asked): void {
    const { respond } = asked;
    const fact = { type: 'call.received' } as const;
    const elsewhere = this.#sentOn(call.callSid, fact, asked.request);
    if (elsewhere !== null) return respond({ status: 200, twiml: elsewhere });
    const take = (): void =>
      this.#parts.incoming.take(call, {
        query: asked.request.query,
        guarded: (work) => this.#guarded(respond, work),
        respond: (twiml) => respond({ status: 200, twiml }),
        ask: (host) => this.#answerOf(host, call.to, fact),
      });
    this.#unlessElsewhere(call.callSid, asked, take);
  }

  /**
   * A dialled leg is over. When that is told again, the call does not hear of it, because another leg may ring by then. What names no leg
   * cannot be told from the next one.
   */
  #dialEnded({ legSid, ...question }: ReturnType<typeof parseDialEnded>, event: string, asked: Asked): void {
    if (legSid === null) return this.#answer(question, asked);
    const { repeated } = this.#parts;
    const ask = (host: CallHost | null): string => this.#answerOf(host, asked.to, question.fact);
    this.#answer(question, asked, (host) => (host === null ? ask(null) : repeated.answerOnce(event, () => ask(host))));
  }

  /** A question about a call in mid-call. If its process is gone, the call goes on here. */
  #answer(
    { callSid, fact }: Question<CallQuestion>,
    asked: Asked,
    ask = (host: CallHost | null): string => this.#answerOf(host, asked.to, fact),
  ): void {
    const { respond } = asked;
    const elsewhere = this.#sentOn(callSid, fact, asked.request);
    if (elsewhere !== null) return respond({ status: 200, twiml: elsewhere });
    this.#goOn({ callSid, fact }, asked, (host) => respond({ status: 200, twiml: ask(host) }));
  }

  /**
   * Somebody whom the call has called has answered, or pressed a key. Nobody is connected before that is on record: the process that hears
   * how it ended may be another one.
   */
  #callee({ callSid, fact }: CallNews<CalleeQuestion['type']>, asked: Asked): void {
    const { respond } = asked;
    this.#goOn({ callSid, fact }, asked, (host) => {
      const twiml = this.#answerOf(host, null, fact);
      this.#parts.desk.recorded(callSid, () => this.#guarded(respond, () => respond({ status: 200, twiml })));
    });
  }

  /**
   * Goes on with the host of a call, which is taken over if its process is gone; with null if the call is over, the journal does not know it,
   * or it cannot go on here.
   */
  #goOn({ callSid, fact }: Question, asked: Asked, goOn: (host: CallHost | null) => void): void {
    const { registry, desk, log } = this.#parts;
    const known = registry.find(callSid);
    if (known !== null) return goOn(known);
    const takeOver = (): void =>
      desk.takeOver(callSid, (host) =>
        this.#guarded(asked.respond, () => {
          if (host === null) log.warn({ callSid, question: fact.type }, 'callUnknown');
          goOn(host);
        }),
      );
    this.#unlessElsewhere(callSid, asked, takeOver);
  }

  /** Leads Twilio to the instance that has the call, if another one has it; else goes on here. What was sent here is sent no further. */
  #unlessElsewhere(callSid: string, { request, respond }: Asked, here: () => void): void {
    const { registry, ownerOf, twiml } = this.#parts;
    const { path, query } = request;
    const isHere = registry.find(callSid) !== null || registry.isRinging(callSid);
    if (ownerOf === undefined || isHere || query.sent !== undefined) return here();
    ownerOf(callSid, (instance) =>
      this.#guarded(respond, () =>
        instance === null ? here() : respond({ status: 200, twiml: twiml.askInstance(instance, path, query) }),
      ),
    );
  }

  /** What the call answers; for a caller whose call has no host, the apology and the fallback. */
  #answerOf(host: CallHost | null, to: string | null, fact: CallQuestion | CalleeQuestion): string {
    const answer = host?.ask(fact);
    if (answer !== undefined) return answer;
    const { settings, sayLanguage } = this.#parts.receptionFor(to);
    return this.#parts.twiml.write(orphanInstruction(fact, settings), sayLanguage);
  }

  /**
   * The answer that leads Twilio to another process, or null if this one answers. Calls that were released go there, and during a release
   * also calls that would have to be taken over: to one that is there, or to the next one at this address. What was sent here, by a process
   * that leaves its calls as well, waits for the next one. If the caller is gone, this process can record the end as well.
   */
  #sentOn(callSid: string, fact: CallQuestion, { path, query, instance = null }: WebhookRequest): string | null {
    const { registry, twiml, successor } = this.#parts;
    registry.asked(callSid);
    const isOver = 'callOver' in fact && fact.callOver;
    const isUnknown = fact.type === 'connect.ended' && registry.find(callSid) === null;
    if (isOver || !(registry.isReleased(callSid) || (registry.isReleasing && isUnknown))) return null;
    const other = query.sent === undefined ? successor() : null;
    if (other !== null) return twiml.askInstance(other, path, query);
    return twiml.askNextProcess(fact.type === 'connect.ended' ? fact.stream : null, instance);
  }

  /** The phone call is over. If its process is gone, its record is ended here. */
  #ended(news: CallNews<'call.completed'> | null, respond: Respond): void {
    respond({ status: 204 });
    if (news !== null) this.#tell(news);
  }

  #recordingStored(news: CallNews<'recording.stored'> | null, isRepeated: boolean, respond: Respond): void {
    respond({ status: 204 });
    if (news === null || isRepeated) return;
    logRecording(news, this.#parts.log);
    this.#tell(news);
  }

  /**
   * Only the log learns why a stream failed. The call hears of it by the action of `<Connect>`, or misses the stream in time, and this
   * callback may come before or after either.
   */
  #streamFailed(failure: StreamFailure | null, isRepeated: boolean, respond: Respond): void {
    respond({ status: 204 });
    if (failure === null || isRepeated) return;
    this.#parts.log.warn({ fault: 'stream.failedAtTwilio' satisfies ErrorCode, ...failure }, 'streamFailed');
  }

  /** Tells a call a fact that wants no answer. If its process is gone, the call is taken over for that. */
  #tell({ callSid, fact }: CallNews<'call.completed'> | CallNews<'recording.stored'>): void {
    const { registry, desk } = this.#parts;
    const known = registry.find(callSid);
    if (known !== null) return known.tell(fact);
    if (fact.type === 'call.completed' && this.#parts.incoming.hungUp(callSid)) return;
    desk.takeOver(callSid, (host) => host?.tell(fact));
  }
}

/** Logged here and not by the call, which is often over when Twilio has stored the message. */
function logRecording({ callSid, fact }: CallNews<'recording.stored'>, log: Logger): void {
  const { status, durationMs, recordingSid, url } = fact;
  const fields = { callSid, status, seconds: durationMs / 1000, pii: { recordingSid, url } };
  if (status === 'completed') log.info(fields, 'voicemailStored');
  else log.warn(fields, 'voicemailMissing');
}
