import { callForm, statusForm, streamStatusForm } from '../call-form.ts';
import type { CallStatus, CarrierEffect, CarrierEvent, FormFields, WebhookPurpose } from '../carrier-events.ts';
import type { HttpMethod } from '../http-method.ts';
import { noted, problem } from '../carrier-events.ts';
import type { CarrierCallSettings } from '../carrier-settings.ts';
import type { CallRecording } from '../verbs/call-recording.ts';
import { recordingStatusForm } from '../verbs/call-recording.ts';
import { randomHex } from '../../seeded-random.ts';
import type { StreamLeg, StreamStatus } from '../stream/stream-leg.ts';
import type { TwilioCode } from '../twilio-codes.ts';
import type { TwimlDocument } from '../twiml/twiml-document.ts';
import { readAnswer } from '../twiml/twiml-document.ts';
import type { Callback, Verb } from '../twiml/twiml.ts';
import type { Webhook, WebhookOutcome, WebhookStep } from './webhooks.ts';
import { CarrierWebhooks } from './webhooks.ts';

/** What an HTTP event means for the call. `url` is the base of the document's relative URLs; null for inline TwiML. */
export type DocumentArrival =
  | { readonly type: 'document'; readonly verbs: readonly Verb[]; readonly url: string | null }
  /** The answer to the second of two voice webhooks: it displaces what runs. */
  | { readonly type: 'secondDocument'; readonly verbs: readonly Verb[]; readonly url: string }
  /** No document and no fallback (TW-HOOK-3). */
  | { readonly type: 'applicationError' };

/** Effects to perform, and what the call itself must know. */
export interface WebhookProgress {
  readonly effects: readonly CarrierEffect[];
  readonly arrival: DocumentArrival | null;
}

/** Where a document came from; TwiML that the REST API was given has no URL. */
export interface DocumentSource {
  readonly purpose: WebhookPurpose;
  readonly url: string | null;
}

/** A request for a document. */
export interface DocumentRequest {
  readonly purpose: WebhookPurpose;
  readonly url: string;
  readonly method: HttpMethod;
  readonly fields?: FormFields;
}

const nothing: WebhookProgress = { effects: [], arrival: null };

/** What nobody waits for: a failure is only a warning (15003). */
const callbacks: ReadonlySet<WebhookPurpose> = new Set(['callStatus', 'streamStatus', 'recordingStatus']);

/** The webhooks of one call: it waits for one document at a time, while callbacks are only sent (TW-HOOK-1 to TW-HOOK-5). */
export class CallWebhooks {
  readonly #settings: CarrierCallSettings;
  readonly #webhooks = new CarrierWebhooks();
  #awaitedId: number | null = null;
  /** The voice webhook whose answer is lost, or the second of two that are answered. */
  #duplicateId: number | null = null;

  constructor(settings: CarrierCallSettings) {
    this.#settings = settings;
  }

  /** The first request of a call. */
  requestVoice(atMs: number): CarrierEffect[] {
    const { voiceUrl, voiceMethod = 'POST', duplicateVoiceWebhook } = this.#settings.number;
    const webhook = this.#webhook({ purpose: 'voice', url: voiceUrl, method: voiceMethod }, 'ringing');
    const effects = this.#await(webhook, atMs);
    if (duplicateVoiceWebhook === 'firstAnswerLost') this.#duplicateId = this.#awaitedId;
    if (duplicateVoiceWebhook !== 'bothAnswered') return effects;
    const second = this.#send(webhook, atMs);
    this.#duplicateId = second.id;
    return [...effects, ...second.effects];
  }

  /** Requests the document that the call then waits for, instead of any other. */
  requestDocument(request: DocumentRequest, status: CallStatus, atMs: number): CarrierEffect[] {
    return [...this.stopWaiting(), ...this.#await(this.#webhook(request, status), atMs)];
  }

  /** Reports what became of a stream, if the document asked for it (TW-HOOK-5). */
  notifyStream(leg: StreamLeg, status: StreamStatus | null, atMs: number): CarrierEffect[] {
    const callback = leg.noun.statusCallback;
    if (status === null || callback === null) return [];
    const fields = streamStatusForm(this.#settings.call, leg, status, this.#settings.zeroUnixMs + atMs);
    // A stream and what became of it are told once, so they name the request, and no number is drawn for it.
    const token = `${leg.streamSid}-${status.type}`;
    return this.#notify('streamStatus', callback, fields, token, atMs);
  }

  /** Reports what became of a recording, if the document asked for it (TW-TWIML-5). */
  notifyRecording(
    recording: CallRecording,
    status: 'in-progress' | 'completed' | 'absent',
    atMs: number,
  ): CarrierEffect[] {
    const callback = recording.verb.statusCallback;
    if (callback === null || !callback.events.has(status)) return [];
    const fields = recordingStatusForm(recording, this.#settings.call, status, this.#settings.zeroUnixMs);
    return this.#notify('recordingStatus', callback, fields, randomHex(this.#settings.nextRandom), atMs);
  }

  /** Reports the end of the call (TW-HOOK-5). */
  notifyEnd(status: CallStatus, durationMs: number, atMs: number): CarrierEffect[] {
    const url = this.#settings.number.statusCallbackUrl;
    if (url === undefined) return [];
    const fields = statusForm(durationMs, this.#settings.zeroUnixMs + atMs);
    return this.#send(this.#webhook({ purpose: 'callStatus', url, method: 'POST', fields }, status), atMs).effects;
  }

  /** Requests a URL when the call is over: the answer changes nothing. */
  notifyAction(request: DocumentRequest, status: CallStatus, atMs: number): CarrierEffect[] {
    return this.#send(this.#webhook(request, status), atMs).effects;
  }

  /** The call does not wait for a document any more. */
  stopWaiting(): CarrierEffect[] {
    const id = this.#awaitedId;
    this.#awaitedId = null;
    return id === null ? [] : this.#webhooks.abort(id);
  }

  take(event: CarrierEvent, status: CallStatus, atMs: number): WebhookProgress {
    if (event.type === 'http.connected') this.#webhooks.takeConnection(event.id, atMs);
    if (event.type === 'http.answered')
      return this.#progress(this.#webhooks.takeAnswer(event.id, event.answer, atMs), status, atMs);
    if (event.type === 'http.failed')
      return this.#progress(this.#webhooks.takeFailure(event.id, event.stage, atMs), status, atMs);
    return nothing;
  }

  nextDeadlineMs(): number | null {
    return this.#webhooks.nextDeadlineMs();
  }

  /** Gives up the webhook whose deadline has passed. */
  expire(status: CallStatus, atMs: number): WebhookProgress {
    return this.#progress(this.#webhooks.expire(atMs), status, atMs);
  }

  /** What comes of a document: its verbs with a note for each warning, or the fallback, or the application error. */
  read(document: TwimlDocument, source: DocumentSource, status: CallStatus, atMs: number): WebhookProgress {
    if (document.type === 'refused') return this.#fallBack(document.code, document.detail, source, status, atMs);
    const effects = document.warnings.map((detail) => problem(12200, detail, atMs));
    return { effects, arrival: { type: 'document', verbs: document.verbs, url: source.url } };
  }

  #progress({ effects: attempts, outcome }: WebhookStep, status: CallStatus, atMs: number): WebhookProgress {
    if (outcome === null) return { effects: attempts, arrival: null };
    const { id, webhook } = outcome;
    const { purpose } = webhook;
    const note =
      outcome.type === 'answered'
        ? noted({ atMs, kind: 'webhook.answered', purpose, status: outcome.answer.status })
        : noted({ atMs, kind: 'webhook.failed', purpose, detail: outcome.detail });
    const { effects, arrival } = this.#settle(outcome, id, webhook, status, atMs);
    return { effects: [...attempts, note, ...effects], arrival };
  }

  #settle(outcome: WebhookOutcome, id: number, webhook: Webhook, status: CallStatus, atMs: number): WebhookProgress {
    if (id === this.#duplicateId) return this.#settleDuplicate(outcome, webhook, atMs);
    if (id !== this.#awaitedId) {
      if (outcome.type === 'answered' || !callbacks.has(webhook.purpose)) return nothing;
      return { effects: [problem(15003, webhook.url, atMs)], arrival: null };
    }
    this.#awaitedId = null;
    if (outcome.type === 'answered') return this.read(readAnswer(outcome.answer), webhook, status, atMs);
    return this.#fallBack(outcome.code, outcome.detail, webhook, status, atMs);
  }

  #settleDuplicate(outcome: WebhookOutcome, webhook: Webhook, atMs: number): WebhookProgress {
    this.#duplicateId = null;
    if (this.#settings.number.duplicateVoiceWebhook === 'firstAnswerLost')
      return { effects: this.#await(webhook, atMs), arrival: null };
    const document = outcome.type === 'answered' ? readAnswer(outcome.answer) : null;
    const startsStream = document?.type === 'document' && document.verbs.some(({ type }) => type === 'connect');
    if (!startsStream) return nothing;
    return { effects: [], arrival: { type: 'secondDocument', verbs: document.verbs, url: webhook.url } };
  }

  #fallBack(
    code: TwilioCode,
    detail: string,
    source: DocumentSource,
    status: CallStatus,
    atMs: number,
  ): WebhookProgress {
    const error = problem(code, detail, atMs);
    const { voiceFallbackUrl } = this.#settings.number;
    // That of the number stands in for documents of the caller's end only.
    if (voiceFallbackUrl === undefined || source.purpose === 'fallback' || source.purpose === 'callee') {
      return { effects: [error], arrival: { type: 'applicationError' } };
    }
    const fields = { ErrorCode: String(code), ErrorUrl: source.url ?? '' };
    const request = { purpose: 'fallback', url: voiceFallbackUrl, method: 'POST', fields } as const;
    return { effects: [error, ...this.#await(this.#webhook(request, status), atMs)], arrival: null };
  }

  #notify(
    purpose: WebhookPurpose,
    { url, method }: Callback,
    fields: FormFields,
    token: string,
    atMs: number,
  ): CarrierEffect[] {
    return this.#send({ purpose, url, method, fields, token }, atMs).effects;
  }

  #webhook({ purpose, url, method, fields }: DocumentRequest, status: CallStatus): Webhook {
    const form = { ...callForm(this.#settings.call, status, method), ...fields };
    return { purpose, url, method, fields: form, token: randomHex(this.#settings.nextRandom) };
  }

  #await(webhook: Webhook, atMs: number): CarrierEffect[] {
    const { id, effects } = this.#send(webhook, atMs);
    this.#awaitedId = id;
    return effects;
  }

  #send(webhook: Webhook, atMs: number): { id: number; effects: CarrierEffect[] } {
    const { purpose, method, url } = webhook;
    const { id, effects } = this.#webhooks.send(webhook, atMs);
    return { id, effects: [noted({ atMs, kind: 'webhook.sent', purpose, method, url }), ...effects] };
  }
}
