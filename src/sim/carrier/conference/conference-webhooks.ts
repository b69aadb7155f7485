import type { CarrierEvent, WebhookPurpose } from '../carrier-events.ts';
import { noted, problem } from '../carrier-events.ts';
import type { DialOutcomes } from '../verbs/dialling.ts';
import type { NextRandom } from '../../seeded-random.ts';
import { randomHex } from '../../seeded-random.ts';
import { promptMs } from '../verbs/prompts.ts';
import type { TwilioCode } from '../twilio-codes.ts';
import { readAnswer } from '../twiml/twiml-document.ts';
import type { Callback, PromptVerb, Verb } from '../twiml/twiml.ts';
import type { Webhook, WebhookOutcome, WebhookStep } from '../webhooks/webhooks.ts';
import { CarrierWebhooks } from '../webhooks/webhooks.ts';
import type { Conference, ConferenceNews } from './conference.ts';
import type { ConferenceEffect } from './conference-events.ts';
import type { LegStep, OutboundLeg } from './outbound-leg.ts';
import { twilioDate } from '../twilio-date.ts';

/** What the conferences of an account are made of. */
export interface ConferenceBridgeSettings {
  readonly accountSid: string;
  /** What becomes of those who are called into a conference. */
  readonly dialOutcomes: DialOutcomes;
  /** For identifiers. */
  readonly nextRandom: NextRandom;
  /** What time 0 of the clock is on the calendar. */
  readonly zeroUnixMs: number;
}

/** A document that somebody in a conference hears; `callSid` is null when all do. */
export interface Aside {
  readonly purpose: 'announce' | 'conferenceWait' | 'hold';
  readonly conference: Conference;
  readonly callSid: string | null;
}

/** What came of a webhook: effects to perform, and a document that is played, or could not be. */
export interface AsideOutcome {
  readonly effects: readonly ConferenceEffect[];
  readonly played: { readonly aside: Aside; readonly lastsMs: number } | null;
  readonly failed: Aside | null;
}

type HttpEvent = Extract<CarrierEvent, { type: 'http.connected' | 'http.answered' | 'http.failed' }>;

/** The webhooks of conferences: callbacks, of which nobody awaits the answer, and documents that are played (TW-CONF-1, TW-CONF-2). */
export class ConferenceWebhooks {
  readonly #settings: ConferenceBridgeSettings;
  readonly #webhooks = new CarrierWebhooks();
  readonly #asides = new Map<number, Aside>();
  /** How many things have happened in each conference, by its SID. */
  readonly #news = new Map<string, number>();

  constructor(settings: ConferenceBridgeSettings) {
    this.#settings = settings;
  }

  /** Reports what has changed, as far as the conference was asked to. */
  tell(conference: Conference, news: readonly ConferenceNews[], atMs: number): ConferenceEffect[] {
    const { sid, name, statusCallback } = conference;
    return news.flatMap(({ word, event, callSid, fields }) => {
      const happened = noted({ atMs, kind: 'conference.event', conference: name, event, callSid });
      const sequence = (this.#news.get(sid) ?? 0) + 1;
      this.#news.set(sid, sequence);
      if (statusCallback === null || !statusCallback.events.has(word)) return [happened];
      const form = {
        AccountSid: this.#settings.accountSid,
        ConferenceSid: sid,
        FriendlyName: name,
        StatusCallbackEvent: event,
        SequenceNumber: String(sequence),
        Timestamp: twilioDate(this.#settings.zeroUnixMs + atMs),
        ...fields,
      };
      return [happened, ...this.#send('conferenceStatus', statusCallback, form, atMs).effects];
    });
  }

  /** Reports a step of a call that was made into a conference, as far as its order asked for it. */
  report(leg: OutboundLeg, step: LegStep, atMs: number): readonly ConferenceEffect[] {
    const { statusCallback } = leg.order;
    if (statusCallback === null || !statusCallback.events.has(step)) return [];
    const form = leg.statusForm(step, this.#settings.accountSid, atMs, this.#settings.zeroUnixMs);
    return this.#send('callStatus', statusCallback, form, atMs).effects;
  }

  /** Requests a document to play. */
  play(aside: Aside, callback: Callback, atMs: number): readonly ConferenceEffect[] {
    const { sid, name } = aside.conference;
    const form = {
      AccountSid: this.#settings.accountSid,
      ConferenceSid: sid,
      FriendlyName: name,
      ...(aside.callSid === null ? {} : { CallSid: aside.callSid }),
    };
    const { id, effects } = this.#send(aside.purpose, callback, form, atMs);
    this.#asides.set(id, aside);
    return effects;
  }

  /** An announcement is over, or could not be made. */
  announced({ conference, callSid }: Aside, event: string, atMs: number): ConferenceEffect[] {
    const fields = callSid === null ? {} : { CallSid: callSid };
    return this.tell(conference, [{ word: 'announcement', event, callSid, fields }], atMs);
  }

  take(event: HttpEvent, atMs: number): AsideOutcome {
    if (event.type === 'http.answered')
      return this.#settle(this.#webhooks.takeAnswer(event.id, event.answer, atMs), atMs);
    if (event.type === 'http.failed')
      return this.#settle(this.#webhooks.takeFailure(event.id, event.stage, atMs), atMs);
    this.#webhooks.takeConnection(event.id, atMs);
    return { effects: [], played: null, failed: null };
  }

  nextDeadlineMs(): number | null {
    return this.#webhooks.nextDeadlineMs();
  }

  expire(atMs: number): AsideOutcome {
    return this.#settle(this.#webhooks.expire(atMs), atMs);
  }

  #send(
    purpose: WebhookPurpose,
    { url, method }: Callback,
    fields: Webhook['fields'],
    atMs: number,
  ): { readonly id: number; readonly effects: readonly ConferenceEffect[] } {
    const webhook: Webhook = { purpose, url, method, fields, token: randomHex(this.#settings.nextRandom) };
    const { id, effects } = this.#webhooks.send(webhook, atMs);
    return { id, effects: [noted({ atMs, kind: 'webhook.sent', purpose, method, url }), ...effects] };
  }

  #settle({ effects, outcome }: WebhookStep, atMs: number): AsideOutcome {
    if (outcome === null) return { effects, played: null, failed: null };
    const { purpose, url } = outcome.webhook;
    const note =
      outcome.type === 'answered'
        ? noted({ atMs, kind: 'webhook.answered', purpose, status: outcome.answer.status })
        : noted({ atMs, kind: 'webhook.failed', purpose, detail: outcome.detail });
    const aside = this.#asides.get(outcome.id);
    this.#asides.delete(outcome.id);
    const settled =
      aside === undefined ? callbackSettled(outcome, url, atMs) : this.#asideSettled(aside, outcome, atMs);
    return { ...settled, effects: [...effects, note, ...settled.effects] };
  }

  #asideSettled(aside: Aside, outcome: WebhookOutcome, atMs: number): AsideOutcome {
    if (outcome.type === 'failed') return this.#asideFailed(aside, outcome.code, outcome.detail, atMs);
    const document = readAnswer(outcome.answer);
    if (document.type === 'refused') return this.#asideFailed(aside, document.code, document.detail, atMs);
    const wrong = document.verbs.find((verb) => !isPrompt(verb) && verb.type !== 'redirect');
    if (wrong !== undefined) return this.#asideFailed(aside, 13238, wrong.type, atMs);
    const prompts = document.verbs.filter(isPrompt);
    const { purpose, conference, callSid } = aside;
    const text = prompts.map((prompt) => (prompt.type === 'say' ? prompt.text : prompt.type)).join(' ');
    const note = noted({ atMs, kind: 'conference.played', conference: conference.name, callSid, purpose, text });
    const lastsMs = prompts.reduce((sum, prompt) => sum + promptMs(prompt), 0);
    return { effects: [note], played: { aside, lastsMs }, failed: null };
  }

  #asideFailed(aside: Aside, code: TwilioCode, detail: string, atMs: number): AsideOutcome {
    const told = aside.purpose === 'announce' ? this.announced(aside, 'announcement-fail', atMs) : [];
    return { effects: [problem(code, detail, atMs), ...told], played: null, failed: aside };
  }
}

function callbackSettled(outcome: WebhookOutcome, url: string, atMs: number): AsideOutcome {
  return { effects: outcome.type === 'failed' ? [problem(15003, url, atMs)] : [], played: null, failed: null };
}

function isPrompt(verb: Verb): verb is PromptVerb {
  return verb.type === 'say' || verb.type === 'play' || verb.type === 'pause';
}
