import type { Activity } from './activity.ts';
import { activityEndsAtMs, isAgentSpeaking } from './activity.ts';
import type { DocumentRequest, WebhookProgress } from './call-webhooks.ts';
import { CallWebhooks } from './call-webhooks.ts';
import type {
  CallStatus,
  CarrierEffect,
  CarrierEvent,
  CarrierNote,
  EndReason,
  FormFields,
  RestUpdate,
  StreamEnd,
  WebhookPurpose,
} from './carrier-events.ts';
import { noted, problem } from './carrier-events.ts';
import type { CarrierCallSettings } from './carrier-settings.ts';
import type { DialCourse } from './dialling.ts';
import { cutShort, dialForm } from './dialling.ts';
import type { MediaStream, StreamReport } from './media-stream.ts';
import { frameMs } from './media-stream.ts';
import { RunningDocument } from './running-document.ts';
import { randomSid } from './seeded-random.ts';
import type { StartedVerb } from './start-verb.ts';
import { startConnect, startDial, startGather, startPrompt } from './start-verb.ts';
import type { StreamLeg, StreamProgress } from './stream-leg.ts';
import { readTwiml } from './twiml-document.ts';
import type { ConnectVerb, DialVerb, GatherVerb, PromptVerb, Verb } from './twiml.ts';

type Streaming = Extract<Activity, { type: 'streaming' }>;
type AnsweringVerb = PromptVerb | GatherVerb | ConnectVerb | DialVerb;

interface Due {
  readonly what: 'webhook' | 'activity' | 'mark' | 'frame';
  readonly atMs: number;
}

/** Twilio's limit for a call. */
const callMsMax = 4 * 3_600_000;

const apology: Verb = { type: 'say', text: 'We are sorry, an application error has occurred. Goodbye.', loops: 1 };

/**
 * One inbound call at Twilio, with its caller: asks the webhooks, runs their TwiML, and plays Twilio's end of the media stream.
 *
 * A machine: it has no clock, and a late tick does no harm, because everything that was due is done in order and with the time
 * at which it was due. The line runs in frames of 20 ms from the answer to the end, whatever the call is doing.
 */
export class CarrierCall {
  readonly #settings: CarrierCallSettings;
  readonly #webhooks: CallWebhooks;
  readonly #legs: StreamLeg[] = [];
  #status: CallStatus = 'ringing';
  #line: { readonly answeredAtMs: number; frames: number } | null = null;
  #activity: Activity = { type: 'betweenVerbs' };
  #document = new RunningDocument([], null, 'documentEnded');
  #effects: CarrierEffect[] = [];

  constructor(settings: CarrierCallSettings) {
    this.#settings = settings;
    this.#webhooks = new CallWebhooks(settings);
  }

  get status(): CallStatus {
    return this.#status;
  }

  /** What happened on each stream of the call up to `atMs`. */
  streamReports(atMs: number): StreamReport[] {
    return this.#legs.flatMap(({ stream }) => stream?.report(atMs) ?? []);
  }

  /** Audio of ours that the caller has heard by `atMs`, in bytes of mu-law. */
  playedBytes(atMs: number): number {
    return this.#legs.reduce((sum, { stream }) => sum + (stream?.playedBytes(atMs) ?? 0), 0);
  }

  /** Takes one event; the first is `call.placed`. Returns what must be done, in order. `atMs` never goes back. */
  handle(event: CarrierEvent, atMs: number): readonly CarrierEffect[] {
    this.#effects = [];
    this.#advance(atMs);
    if (this.#activity.type !== 'ended') this.#take(event, atMs);
    this.#arrived(this.#webhooks.take(event, this.#status, atMs), atMs);
    this.#advance(atMs);
    return this.#effects;
  }

  /** When a tick is next needed; null once the call has ended and its last callback is answered. */
  nextDeadline(): number | null {
    return this.#nextDue()?.atMs ?? null;
  }

  #take(event: CarrierEvent, atMs: number): void {
    const activity = this.#activity;
    if (event.type === 'call.placed') this.#effects.push(...this.#webhooks.requestVoice(atMs));
    else if (event.type === 'caller.hungUp') this.#hangUp(atMs);
    else if (event.type === 'rest.updated') this.#update(event.update, atMs);
    else if (activity.type === 'streaming') this.#streamProgressed(activity, activity.leg.take(event, atMs), atMs);
  }

  /** A stream that is over leaves the call to the action, the next verb, or its end (TW-CLOSE-1, TW-CLOSE-3). */
  #streamProgressed({ verb, leg }: Streaming, progress: StreamProgress, atMs: number): void {
    this.#effects.push(...progress.effects);
    this.#effects.push(...this.#webhooks.notifyStream(leg, progress.status, atMs));
    if (progress.isOver) this.#verbOver('connectAction', verb, {}, atMs);
  }

  /** With an action, the call goes on with its document; without one, with the next verb. */
  #verbOver(purpose: WebhookPurpose, verb: ConnectVerb | DialVerb, fields: FormFields, atMs: number): void {
    if (verb.action === null) this.#runNext(atMs);
    else this.#request({ purpose, url: verb.action, method: verb.method, fields }, atMs);
  }

  /** Does everything that is due by `atMs`, in the order in which it was due. */
  #advance(atMs: number): void {
    for (let due = this.#nextDue(); due !== null && due.atMs <= atMs; due = this.#nextDue()) {
      if (due.what === 'webhook') this.#arrived(this.#webhooks.expire(this.#status, due.atMs), due.atMs);
      if (due.what === 'activity') this.#activityOver(due.atMs);
      if (due.what === 'mark') this.#effects.push(...(this.#openStream()?.advance(due.atMs) ?? []));
      if (due.what === 'frame') this.#runFrame(due.atMs);
    }
  }

  #nextDue(): Due | null {
    const line = this.#line;
    const stream = this.#openStream();
    const dues = [
      { what: 'webhook', atMs: this.#webhooks.nextDeadlineMs() },
      { what: 'activity', atMs: activityEndsAtMs(this.#activity) },
      { what: 'mark', atMs: stream?.nextMarkAtMs() ?? null },
      { what: 'frame', atMs: line === null ? null : line.answeredAtMs + (line.frames + 1) * frameMs },
    ] as const;
    let next: Due | null = null;
    for (const { what, atMs } of dues) if (atMs !== null && (next === null || atMs < next.atMs)) next = { what, atMs };
    return next;
  }

  /** The 20 ms of the line that end at `atMs`. */
  #runFrame(atMs: number): void {
    const line = this.#line;
    if (line === null) return;
    line.frames += 1;
    const activity = this.#activity;
    const stream = this.#openStream();
    const { audio, digit, hangsUp, gaveUpStep } = this.#settings.caller.nextFrame(isAgentSpeaking(activity, atMs));
    if (stream !== null) this.#effects.push(...stream.speak(audio, atMs));
    if (gaveUpStep !== null) this.#note({ atMs, kind: 'caller.gaveUpWaiting', step: gaveUpStep });
    if (digit !== null) {
      this.#note({ atMs, kind: 'caller.pressed', digit });
      if (stream !== null) this.#effects.push(stream.press(digit));
      if (activity.type === 'gathering') activity.gathering.press(digit, atMs);
    }
    if (hangsUp) this.#hangUp(atMs);
    else if (line.frames * frameMs >= callMsMax) this.#end('callTooLong', 'completed', 'completed', atMs);
  }

  /** The activity ends by itself, because its time is over. */
  #activityOver(atMs: number): void {
    const activity = this.#activity;
    if (activity.type === 'prompting') this.#runNext(atMs);
    if (activity.type === 'streaming') this.#streamProgressed(activity, activity.leg.giveUp(atMs), atMs);
    if (activity.type === 'gathering') {
      const { verb, digits } = activity.gathering;
      this.#note({ atMs, kind: 'verb.gathered', digits });
      const fields = { Digits: digits };
      if (digits === '' && !verb.actionOnEmptyResult) this.#runNext(atMs);
      else this.#request({ purpose: 'gatherAction', url: verb.action ?? '', method: verb.method, fields }, atMs);
    }
    if (activity.type === 'dialling') {
      const { verb, course } = activity;
      const bridged = course.bridgedAtMs !== null;
      this.#note({ atMs, kind: 'dial.ended', to: verb.to, status: course.status, bridged });
      this.#verbOver('dialAction', verb, this.#dialForm(verb, course), atMs);
    }
  }

  #dialForm(verb: DialVerb, course: DialCourse): FormFields {
    return dialForm(verb, course, randomSid('CA', this.#settings.nextRandom));
  }

  /** What the webhooks have brought. */
  #arrived({ effects, arrival }: WebhookProgress, atMs: number): void {
    this.#effects.push(...effects);
    if (arrival === null || this.#activity.type === 'ended') return;
    if (arrival.type === 'applicationError') {
      this.#runDocument(new RunningDocument([apology], null, 'applicationError'), atMs);
      return;
    }
    if (arrival.type === 'secondDocument') this.#leave('displaced', atMs);
    this.#runDocument(new RunningDocument(arrival.verbs, arrival.url, 'documentEnded'), atMs);
  }

  #runDocument(document: RunningDocument, atMs: number): void {
    this.#document = document;
    this.#runNext(atMs);
  }

  /** Runs the next verb; after the last one the call is over. */
  #runNext(atMs: number): void {
    this.#activity = { type: 'betweenVerbs' };
    const verb = this.#document.next();
    if (verb === null) {
      this.#end(this.#document.endReason, 'completed', 'completed', atMs);
      return;
    }
    switch (verb.type) {
      case 'hangup':
        this.#end('hangupVerb', 'completed', 'completed', atMs);
        break;
      case 'reject':
        this.#end('rejected', verb.reason === 'busy' ? 'busy' : 'failed', 'completed', atMs);
        break;
      case 'notSimulated':
        this.#note({ atMs, kind: 'verb.notSimulated', name: verb.name });
        this.#end('verbNotSimulated', 'failed', 'completed', atMs);
        break;
      case 'redirect':
        this.#request({ purpose: 'redirect', url: verb.url, method: verb.method }, atMs);
        break;
      case 'pause':
        this.#begin(startPrompt(verb, atMs));
        break;
      default:
        this.#answer(atMs);
        this.#runAnsweringVerb(verb, atMs);
    }
  }

  #runAnsweringVerb(verb: AnsweringVerb, atMs: number): void {
    const { call, nextRandom } = this.#settings;
    if (verb.type === 'gather') this.#begin(startGather(verb, atMs));
    else if (verb.type === 'dial') this.#begin(startDial(verb, call, this.#settings, atMs));
    else if (verb.type !== 'connect') this.#begin(startPrompt(verb, atMs));
    else if (verb.stream.type === 'stream') this.#begin(startConnect(verb, verb.stream, call, nextRandom, atMs));
    else {
      this.#effects.push(problem(verb.stream.code, verb.stream.detail, atMs));
      this.#verbOver('connectAction', verb, {}, atMs);
    }
  }

  #begin({ activity, effects }: StartedVerb): void {
    this.#activity = activity;
    this.#effects.push(...effects);
    if (activity.type === 'streaming') this.#legs.push(activity.leg);
  }

  /** The first verb that needs a line answers the call; `<Pause>`, `<Redirect>`, `<Reject>` and `<Hangup>` do not (TW-TWIML-4). */
  #answer(atMs: number): void {
    if (this.#line !== null) return;
    this.#line = { answeredAtMs: atMs, frames: 0 };
    this.#status = 'in-progress';
    this.#note({ atMs, kind: 'call.answered' });
  }

  /** Requests a document; a relative URL is resolved against the running one. */
  #request(request: DocumentRequest, atMs: number): void {
    this.#activity = { type: 'betweenVerbs' };
    const url = this.#document.resolve(request.url);
    if (url === null) {
      const invalid = { type: 'refused', code: 11100, detail: request.url } as const;
      this.#arrived(this.#webhooks.read(invalid, request, this.#status, atMs), atMs);
    } else {
      this.#effects.push(...this.#webhooks.requestDocument({ ...request, url }, this.#status, atMs));
    }
  }

  /** An order of the REST API replaces whatever runs; the action of the old verb is not requested (TW-REST-1). */
  #update(update: RestUpdate, atMs: number): void {
    this.#note({ atMs, kind: 'rest.updated', update: update.type });
    if (update.type === 'completed') {
      this.#end('restCompleted', 'completed', 'completed', atMs);
      return;
    }
    this.#leave('updated', atMs);
    if (update.type === 'url') {
      this.#request({ purpose: 'restUrl', url: update.url, method: update.method }, atMs);
    } else {
      this.#activity = { type: 'betweenVerbs' };
      const source = { purpose: 'restUrl', url: null } as const;
      this.#arrived(this.#webhooks.read(readTwiml(update.twiml), source, this.#status, atMs), atMs);
    }
  }

  /** The caller hangs up, and so the call is over (TW-CLOSE-2). */
  #hangUp(atMs: number): void {
    const left = this.#activity;
    const { actionAfterHangUp } = this.#settings;
    this.#end('callerHungUp', this.#line === null ? 'no-answer' : 'completed', 'callerHungUp', atMs);
    if (!actionAfterHangUp || (left.type !== 'streaming' && left.type !== 'dialling')) return;
    const { action, method } = left.verb;
    const url = action === null ? null : this.#document.resolve(action);
    if (url === null) return;
    const request: DocumentRequest =
      left.type === 'streaming'
        ? { purpose: 'connectAction', url, method }
        : {
            purpose: 'dialAction',
            url,
            method,
            fields: this.#dialForm(left.verb, cutShort(left.course, atMs - left.startedAtMs)),
          };
    this.#effects.push(...this.#webhooks.notifyAction(request, this.#status, atMs));
  }

  /** Leaves the activity, because something else takes its place. */
  #leave(by: StreamEnd, atMs: number): void {
    const activity = this.#activity;
    this.#effects.push(...this.#webhooks.stopWaiting());
    if (activity.type !== 'streaming') return;
    const { effects, status } = activity.leg.stop(by, atMs);
    this.#effects.push(...effects, ...this.#webhooks.notifyStream(activity.leg, status, atMs));
  }

  /** The call is over: the stream is stopped, and the status callback says so (TW-HOOK-5). */
  #end(reason: EndReason, status: CallStatus, by: StreamEnd, atMs: number): void {
    const durationMs = this.#line === null ? 0 : atMs - this.#line.answeredAtMs;
    this.#leave(by, atMs);
    this.#activity = { type: 'ended' };
    this.#line = null;
    this.#status = status;
    this.#note({ atMs, kind: 'call.ended', reason, status });
    this.#effects.push(...this.#webhooks.notifyEnd(status, durationMs, atMs));
  }

  #openStream(): MediaStream | null {
    return this.#activity.type === 'streaming' ? this.#activity.leg.stream : null;
  }

  #note(note: CarrierNote): void {
    this.#effects.push(noted(note));
  }
}
