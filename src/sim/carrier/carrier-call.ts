import type { Activity } from './activity.ts';
import { activityEndsAtMs } from './activity.ts';
import { CallLine } from './call-line.ts';
import { runFrame } from './line-frame.ts';
import type { DocumentRequest, WebhookProgress } from './webhooks/call-webhooks.ts';
import { CallWebhooks } from './webhooks/call-webhooks.ts';
import type {
  CallStatus,
  CarrierEffect,
  CarrierEvent,
  CarrierNote,
  CarrierEndReason,
  RestUpdate,
  StreamEnd,
} from './carrier-events.ts';
import { noted } from './carrier-events.ts';
import type { CallIdentity, CarrierCallSettings } from './carrier-settings.ts';
import type { CarrierStream, StreamReport } from './stream/media-stream.ts';
import type { RecordedAudio, CallRecording } from './verbs/call-recording.ts';
import { SpeechRecogniser } from './verbs/speech-recogniser.ts';
import { apologyOfTwilio, RunningDocument } from './running-document.ts';
import { answers, startVerb } from './start-verb.ts';
import type { StreamProgress } from './stream/stream-leg.ts';
import { StreamLegs } from './stream/stream-legs.ts';
import { readTwiml } from './twiml/twiml-document.ts';
import type { VerbOutcome } from './verb-outcome.ts';
import { actionAfterHangUp, actionOf, conferred, outcomeOf } from './verb-outcome.ts';
import { whispered, type Whispered, whisperDue } from './verbs/whispering.ts';

type Streaming = Extract<Activity, { type: 'streaming' }>;

/**
 * One inbound call at Twilio, with its caller: asks the webhooks, runs their TwiML, and plays Twilio's end of the media stream.
 *
 * A machine: it has no clock, and a late tick does no harm, because everything that was due is done in order and with the time
 * at which it was due. The line runs in frames of 20 ms from the answer to the end, whatever the call is doing.
 */
export class CarrierCall {
  readonly #settings: CarrierCallSettings;
  readonly #webhooks: CallWebhooks;
  readonly #legs = new StreamLegs();
  readonly #recordings: RecordedAudio[] = [];
  readonly #recogniser: SpeechRecogniser;
  #status: CallStatus = 'ringing';
  #line: CallLine | null = null;
  #activity: Activity = { type: 'betweenVerbs' };
  #document = new RunningDocument([], null, 'documentEnded');
  #effects: CarrierEffect[] = [];

  constructor(settings: CarrierCallSettings) {
    this.#settings = settings;
    this.#webhooks = new CallWebhooks(settings);
    this.#recogniser = new SpeechRecogniser(settings.speechResults ?? []);
  }

  get identity(): CallIdentity {
    return this.#settings.call;
  }

  get status(): CallStatus {
    return this.#status;
  }

  /** What each `<Record>` has recorded. */
  get recordings(): readonly RecordedAudio[] {
    return this.#recordings;
  }

  /** What happened on each stream of the call up to `atMs`. */
  streamReports(atMs: number): StreamReport[] {
    return this.#legs.reports(atMs);
  }

  /** Audio of ours that the caller has heard by `atMs`, in bytes of mu-law. */
  playedBytes(atMs: number): number {
    return this.#legs.playedBytes(atMs);
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
    const atMs = this.#nextDueMs();
    return atMs === Infinity ? null : atMs;
  }

  #take(event: CarrierEvent, atMs: number): void {
    const activity = this.#activity;
    if (event.type === 'call.placed') this.#effects.push(...this.#webhooks.requestVoice(atMs));
    else if (event.type === 'caller.hungUp') this.#hangUp(atMs);
    else if (event.type === 'rest.updated') this.#update(event.update, atMs);
    else if (activity.type === 'streaming') this.#streamProgressed(activity, activity.leg.take(event, atMs), atMs);
    else if (activity.type === 'conferring' && event.type === 'conference.left') {
      this.#verbOver(conferred(activity, event.bridged, this.#settings.nextRandom, atMs), atMs);
    }
  }

  /** A stream that is over leaves the call to the action, the next verb, or its end (TW-CLOSE-1, TW-CLOSE-3). */
  #streamProgressed({ verb, leg }: Streaming, progress: StreamProgress, atMs: number): void {
    this.#effects.push(...progress.effects);
    this.#effects.push(...this.#webhooks.notifyStream(leg, progress.status, atMs));
    if (progress.isOver) this.#verbOver({ effects: [], request: actionOf('connectAction', verb) }, atMs);
  }

  /** With an action, the call goes on with its document; without one, with the next verb. */
  #verbOver({ effects, request }: VerbOutcome, atMs: number): void {
    this.#effects.push(...effects);
    if (request === null) this.#runNext(atMs);
    else this.#request(request, atMs);
  }

  /** Does everything that is due by `atMs`, in the order in which it was due. */
  #advance(atMs: number): void {
    for (let dueMs = this.#nextDueMs(); dueMs <= atMs; dueMs = this.#nextDueMs()) this.#timeHasCome(dueMs);
  }

  /** When the next thing is due; infinity when nothing is. */
  #nextDueMs(): number {
    return Math.min(
      this.#webhooks.nextDeadlineMs() ?? Infinity,
      activityEndsAtMs(this.#activity) ?? Infinity,
      this.#openStream()?.nextMarkAtMs() ?? Infinity,
      this.#line?.nextFrameAtMs ?? Infinity,
    );
  }

  /** Does one thing that is due at `dueMs`. Of several, a frame of the line comes last. */
  #timeHasCome(dueMs: number): void {
    if (this.#webhooks.nextDeadlineMs() === dueMs) this.#arrived(this.#webhooks.expire(this.#status, dueMs), dueMs);
    else if (activityEndsAtMs(this.#activity) === dueMs) this.#activityOver(dueMs);
    else if (this.#openStream()?.nextMarkAtMs() === dueMs)
      this.#effects.push(...(this.#openStream()?.advance(dueMs) ?? []));
    else this.#runFrame(dueMs);
  }

  #runFrame(atMs: number): void {
    const line = this.#line;
    if (line === null) return;
    const { effects, hangsUp } = runFrame(line, this.#activity, this.#openStream(), atMs);
    this.#effects.push(...effects);
    if (hangsUp) this.#hangUp(atMs);
    else if (line.isTooLong) this.#end('callTooLong', 'completed', 'completed', atMs);
  }

  /** The activity ends by itself, because its time is over. */
  #activityOver(atMs: number): void {
    const activity = this.#activity;
    if (activity.type === 'streaming') return this.#streamProgressed(activity, activity.leg.giveUp(atMs), atMs);
    if (activity.type === 'whispering')
      return this.#whispered(whisperDue(activity, this.#settings.nextRandom, atMs), atMs);
    const speech = activity.type === 'gathering' ? this.#recogniser.result(activity.gathering) : '';
    const outcome = outcomeOf(activity, this.#settings, speech, atMs);
    if (outcome !== null) this.#verbOver(outcome, atMs);
    if (activity.type === 'recording') this.#keep(activity.recording, atMs);
  }

  /** Something happens at the other end, where somebody is asked whether to take the call. */
  #whispered({ activity, effects, request, over }: Whispered, atMs: number): void {
    this.#activity = activity;
    this.#effects.push(...effects);
    const asked = this.#document.resolved(request);
    if (asked !== null) this.#effects.push(...this.#webhooks.requestDocument(asked, 'in-progress', atMs));
    if (over !== null) this.#verbOver(over, atMs);
  }

  #keep(recording: CallRecording, atMs: number): void {
    if (!recording.isEmpty) this.#recordings.push(recording.recorded());
    this.#effects.push(...this.#webhooks.notifyRecording(recording, recording.isEmpty ? 'absent' : 'completed', atMs));
  }

  /** What the webhooks have brought. */
  #arrived({ effects, arrival }: WebhookProgress, atMs: number): void {
    this.#effects.push(...effects);
    const activity = this.#activity;
    if (arrival === null || activity.type === 'ended') return;
    if (activity.type === 'whispering')
      return this.#whispered(whispered(activity, arrival, this.#settings.nextRandom, atMs), atMs);
    if (arrival.type === 'applicationError') {
      this.#document = apologyOfTwilio();
    } else {
      if (arrival.type === 'secondDocument') this.#leave('displaced', atMs);
      this.#document = new RunningDocument(arrival.verbs, arrival.url, 'documentEnded');
    }
    this.#runNext(atMs);
  }

  /** Runs the next verb; after the last one the call is over. */
  #runNext(atMs: number): void {
    this.#activity = { type: 'betweenVerbs' };
    const verb = this.#document.next();
    if (verb === null) return this.#end(this.#document.endReason, 'completed', 'completed', atMs);
    if (answers(verb)) this.#answer(atMs);
    const start = startVerb(verb, this.#settings, atMs);
    switch (start.type) {
      case 'ends':
        this.#effects.push(...start.effects);
        return this.#end(start.reason, start.status, 'completed', atMs);
      case 'redirects':
        return this.#request(start.request, atMs);
      case 'over':
        return this.#verbOver(start, atMs);
      case 'begins':
        this.#begin(start.activity, start.effects, atMs);
    }
  }

  #begin(activity: Activity, effects: readonly CarrierEffect[], atMs: number): void {
    this.#activity = activity;
    this.#effects.push(...effects.map((effect) => this.#document.resolveWait(effect)));
    if (activity.type === 'streaming') this.#legs.add(activity.leg);
    if (activity.type === 'recording') {
      this.#effects.push(...this.#webhooks.notifyRecording(activity.recording, 'in-progress', atMs));
    }
  }

  /** The first verb that needs a line answers the call. */
  #answer(atMs: number): void {
    if (this.#line !== null) return;
    this.#line = new CallLine(this.#settings.caller, atMs);
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
    if (update.type === 'completed') return this.#end('restCompleted', 'completed', 'completed', atMs);
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
    if (left.type === 'recording') left.recording.hangUp(atMs);
    this.#end('callerHungUp', this.#line === null ? 'no-answer' : 'completed', 'callerHungUp', atMs);
    const request = this.#document.resolved(actionAfterHangUp(left, this.#settings, atMs));
    if (request !== null) this.#effects.push(...this.#webhooks.notifyAction(request, this.#status, atMs));
  }

  /** Leaves the activity, because something else takes its place. */
  #leave(by: StreamEnd, atMs: number): void {
    const activity = this.#activity;
    this.#effects.push(...this.#webhooks.stopWaiting());
    if (activity.type === 'recording') this.#keep(activity.recording, atMs);
    if (activity.type === 'conferring') {
      this.#effects.push({ type: 'conference.leave', why: by === 'updated' ? 'movedOn' : 'hungUp' });
    }
    if (activity.type !== 'streaming') return;
    const { effects, status } = activity.leg.stop(by, atMs);
    this.#effects.push(...effects, ...this.#webhooks.notifyStream(activity.leg, status, atMs));
  }

  /** The call is over: the stream is stopped, and the status callback says so (TW-HOOK-5). */
  #end(reason: CarrierEndReason, status: CallStatus, by: StreamEnd, atMs: number): void {
    const durationMs = this.#line === null ? 0 : atMs - this.#line.answeredAtMs;
    this.#leave(by, atMs);
    this.#activity = { type: 'ended' };
    this.#line = null;
    this.#status = status;
    this.#note({ atMs, kind: 'call.ended', reason, status });
    this.#effects.push(...this.#webhooks.notifyEnd(status, durationMs, atMs));
  }

  #openStream(): CarrierStream | null {
    return this.#activity.type === 'streaming' ? this.#activity.leg.stream : null;
  }

  #note(note: CarrierNote): void {
    this.#effects.push(noted(note));
  }
}
