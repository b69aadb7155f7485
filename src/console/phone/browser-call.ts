import type { WebSocket } from 'ws';
import type { CallObserver } from '../../call/call-observer.ts';
import { LiveHandset } from '../../sim/caller/live-handset.ts';
import type { CallReport } from '../../sim/carrier/call-report.ts';
import type { CarrierNote, RestUpdate } from '../../sim/carrier/carrier-events.ts';
import { PhoneCall } from '../../sim/carrier/hosts/phone.ts';
import type { PhoneCallOptions } from '../../sim/carrier/hosts/phone-call-options.ts';
import { seededRandom } from '../../sim/seeded-random.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import type { Clock, Timer } from '../../system/clock.ts';
import { NewsObserver } from './news-observer.ts';
import { HandsetLink } from './handset-link.ts';
import type { HandsetRequest } from './handset-request.ts';
import { newsOfNote, type NumberNames, stateOfEnd } from './network-words.ts';
import type { NumberedNews, PhoneNews } from './phone-news.ts';

/** A page that was reloaded or has lost its connection comes back in this time, or the call is hung up. */
const absentMsMax = 10_000;

/** News that a page may have missed: more than happen in so long. */
const missedNewsMax = 500;

const figuresMs = 1_000;

/** What a call from the browser is made of. */
export interface BrowserCallParts {
  readonly call: PhoneCallOptions;
  /** Names of the numbers that the call may dial. */
  readonly names: NumberNames;
  readonly clock: Clock;
  /** Gives a picture to the agent. Returns why it does not get it, as a sentence, or null. */
  readonly show: (jpeg: Uint8Array) => string | null;
}

/** One call from the browser: the phone network of the simulators on one side, the page with its person on the other. */
export class BrowserCall {
  readonly callSid: string;
  readonly ended: Promise<CallReport>;
  readonly #parts: BrowserCallParts;
  /** Null when the call is recorded: the report has the sound, and the phone network need not keep it as well. */
  #phone: PhoneCall | null;
  readonly #handset: LiveHandset;
  readonly #news: NewsObserver;
  readonly #told: NumberedNews[] = [];
  readonly #figures: NodeJS.Timeout;
  #newsNumber = 0;
  #picturesTaken = 0;
  #link: HandsetLink | null = null;
  #absence: Timer;
  #hungUpWhy: string | null = null;
  #isOver = false;

  /** Places the call. It rings, and is hung up when no page comes for it. */
  constructor(parts: BrowserCallParts) {
    this.#parts = parts;
    const { call } = parts;
    this.#handset = new LiveHandset({
      codec: mulawCodec,
      nextRandom: seededRandom(call.seed),
      onHeard: (audio) => this.#link?.hear(audio),
    });
    this.#news = new NewsObserver((news) => this.#tell(news));
    this.#tell({ type: 'state', state: { phase: 'ringing' } });
    const phone = new PhoneCall({ ...call, onNote: (note) => this.#note(note) }, this.#handset);
    this.#phone = phone;
    this.callSid = phone.callSid;
    this.ended = phone.ended;
    void this.ended.then(
      () => this.#recorded(),
      () => this.#broke(),
    );
    this.#absence = this.#awaitPage();
    this.#figures = setInterval(() => this.#tellFigures(), figuresMs).unref();
  }

  /** Tells the page what Parley's side of the call does. */
  get observer(): CallObserver {
    return this.#news;
  }

  /** Whether the phone network still has the call. */
  get isLive(): boolean {
    return this.#phone?.status === 'ringing' || this.#phone?.status === 'in-progress';
  }

  /** Connects a page, in place of the one before. It is told all news after `lastNumber`. */
  attach(socket: WebSocket, lastNumber: number): void {
    this.#absence.cancel();
    this.#link?.close('replaced');
    const link = new HandsetLink(socket, this.#parts.clock, {
      onSound: (audio) => this.#handset.speak(audio),
      onPicture: (jpeg) => this.#show(jpeg),
      onRequest: (request) => this.#obey(request),
      onGone: () => this.#gone(link),
    });
    this.#link = link;
    for (const news of this.#told) if (news.number > lastNumber) link.tell(news);
    if (this.#isOver) link.close('over');
  }

  /** An order of the phone network's REST interface. */
  update(update: RestUpdate): void {
    this.#phone?.update(update);
  }

  /** Hangs up for another reason than that the person did: a sentence that says which. */
  hangUp(why: string): void {
    if (this.isLive) this.#hungUpWhy = why;
    this.#phone?.hangUp();
  }

  #obey(request: Exclude<HandsetRequest, { type: 'ping' }>): void {
    if (request.type === 'key') this.#handset.press(request.digit);
    else if (request.type === 'line') this.#handset.isLineBad = request.isBad;
    else this.#phone?.hangUp();
  }

  #show(jpeg: Uint8Array): void {
    const refusal = this.#parts.show(jpeg);
    if (refusal === null) this.#picturesTaken += 1;
    this.#tell({ type: 'pictures', taken: this.#picturesTaken, refusal });
  }

  #note(note: CarrierNote): void {
    const news = newsOfNote(note, this.#parts.names);
    if (news !== null) this.#tell(news);
    if (note.kind === 'call.ended') this.#over(note);
  }

  #over({ reason }: Extract<CarrierNote, { kind: 'call.ended' }>): void {
    clearInterval(this.#figures);
    this.#absence.cancel();
    this.#tellFigures();
    const state =
      this.#hungUpWhy === null
        ? stateOfEnd(reason, this.#news)
        : ({ phase: 'over', went: 'wrong', why: this.#hungUpWhy } as const);
    this.#tell({ type: 'state', state });
  }

  /** Nothing more comes, and the sound of the call is complete. */
  #recorded(): void {
    this.#tell({ type: 'recorded' });
    this.#endLink();
  }

  #endLink(): void {
    this.#isOver = true;
    this.#phone = null;
    this.#link?.close('over');
  }

  /** The phone network that the server plays has broken. */
  #broke(): void {
    clearInterval(this.#figures);
    this.#absence.cancel();
    const why = 'The phone network of this page broke. The log of Parley says how. Call again.';
    this.#tell({ type: 'state', state: { phase: 'over', went: 'wrong', why } });
    this.#endLink();
  }

  #gone(link: HandsetLink): void {
    if (this.#link !== link) return;
    this.#link = null;
    if (this.isLive) this.#absence = this.#awaitPage();
  }

  #awaitPage(): Timer {
    return this.#parts.clock.lazily(absentMsMax, () =>
      this.hangUp('The page was away for too long, so the call was hung up.'),
    );
  }

  #tell(news: PhoneNews): void {
    this.#newsNumber += 1;
    const numbered = { ...news, number: this.#newsNumber };
    this.#told.push(numbered);
    if (this.#told.length > missedNewsMax) this.#told.shift();
    this.#link?.tell(numbered);
  }

  #tellFigures(): void {
    const link = this.#link;
    if (link === null) return;
    const { tally: speech, isLineBad } = this.#handset;
    link.tell({ type: 'figures', ...link.counts, speech, isLineBad });
  }
}
