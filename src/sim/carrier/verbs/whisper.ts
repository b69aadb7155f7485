import type { CarrierEffect, FormFields } from '../carrier-events.ts';
import { noted, problem } from '../carrier-events.ts';
import type { CallIdentity } from '../carrier-settings.ts';
import { promptMs, promptNotes } from './prompts.ts';
import type { DialVerb, Verb } from '../twiml/twiml.ts';
import type { DocumentRequest } from '../webhooks/call-webhooks.ts';
import type { DialAnswer } from './dialling.ts';
import { gatherForm, Gathering } from './gathering.ts';

/** What comes of a document that runs at the other end. */
export interface WhisperStep {
  readonly effects: readonly CarrierEffect[];
  readonly next:
    | { readonly type: 'waits' }
    | { readonly type: 'requests'; readonly request: DocumentRequest }
    /** The document is over, and the two may speak. */
    | { readonly type: 'bridged' }
    /** The other end has hung up, or was hung up on. */
    | { readonly type: 'over' };
}

/** Documents that lead to each other without end are given up: whether Twilio does so is not written. */
const documentsMax = 20;

/**
 * The document that runs at the other end of a `<Dial>` once it has answered, before the two are connected (TW-TWIML-7): it speaks, waits for
 * keys, hangs up or goes on elsewhere. Whoever is there presses what the settings say, or hangs up.
 */
export class Whisper {
  readonly #verb: DialVerb;
  readonly #answer: DialAnswer;
  readonly #callee: FormFields;
  readonly #answeredAtMs: number;
  #verbs: readonly Verb[] = [];
  #url: string | null = null;
  #gathering: Gathering | null = null;
  #untilMs = Infinity;
  #documents = 0;
  /** Null once it was pressed, or where nothing is. */
  #keyAtMs: number | null;

  /** `childSid`: the call at the other end. */
  constructor(verb: DialVerb, answer: DialAnswer, call: CallIdentity, childSid: string, answeredAtMs: number) {
    this.#verb = verb;
    this.#answer = answer;
    this.#answeredAtMs = answeredAtMs;
    this.#keyAtMs = answer.presses === null ? null : answeredAtMs + answer.pressesAfterMs;
    const from = verb.callerId ?? call.from;
    this.#callee = {
      CallSid: childSid,
      ParentCallSid: call.callSid,
      Direction: 'outbound-dial',
      From: from,
      Caller: from,
      To: verb.to,
      Called: verb.to,
    };
  }

  /** The child's SID, by which the end of the dial names it as well. */
  get childSid(): string {
    return this.#callee['CallSid'] ?? '';
  }

  /** When it is to be looked at again; infinity while a document is awaited and nobody hangs up. */
  get untilMs(): number {
    return Math.min(this.#untilMs, this.#hangUpAtMs, this.#keyIsHeard ? (this.#keyAtMs ?? Infinity) : Infinity);
  }

  /** Asks for the first document. */
  begin(): WhisperStep {
    const { whisper } = this.#verb;
    if (whisper === null) return { effects: [], next: { type: 'bridged' } };
    return this.#request({ purpose: 'callee', url: whisper.url, method: whisper.method });
  }

  /** A document has come. `url` is the base of its relative URLs. */
  take(verbs: readonly Verb[], url: string | null, atMs: number): WhisperStep {
    this.#verbs = verbs;
    this.#url = url;
    return this.#runNext([], atMs);
  }

  /** Its time has come: a prompt is over, a key is pressed or awaited no longer, or the other end hangs up. */
  advance(atMs: number): WhisperStep {
    if (atMs >= this.#hangUpAtMs) return { effects: [], next: { type: 'over' } };
    if (this.#keyIsHeard && this.#keyAtMs !== null && atMs >= this.#keyAtMs) return this.#press(atMs);
    if (atMs < this.#untilMs) return { effects: [], next: { type: 'waits' } };
    return this.#gathering === null ? this.#runNext([], atMs) : this.#gathered(this.#gathering, atMs);
  }

  get #hangUpAtMs(): number {
    return this.#answeredAtMs + this.#answer.staysMs;
  }

  get #keyIsHeard(): boolean {
    return this.#gathering !== null;
  }

  #press(atMs: number): WhisperStep {
    const digit = this.#answer.presses ?? '';
    this.#keyAtMs = null;
    this.#gathering?.press(digit, atMs);
    this.#untilMs = this.#gathering?.untilMs ?? atMs;
    return { effects: [noted({ atMs, kind: 'callee.pressed', to: this.#verb.to, digit })], next: { type: 'waits' } };
  }

  #gathered(gathering: Gathering, atMs: number): WhisperStep {
    this.#gathering = null;
    this.#untilMs = Infinity;
    const { verb } = gathering;
    const fields = gatherForm(gathering, '');
    if (fields === null) return this.#runNext([], atMs);
    return this.#request({ purpose: 'callee', url: verb.action ?? this.#url ?? '', method: verb.method, fields });
  }

  #request({ fields, ...request }: DocumentRequest): WhisperStep {
    this.#documents += 1;
    this.#untilMs = Infinity;
    if (this.#documents > documentsMax) return { effects: [], next: { type: 'over' } };
    const url = URL.parse(request.url, this.#url ?? undefined)?.href ?? request.url;
    return {
      effects: [],
      next: { type: 'requests', request: { ...request, url, fields: { ...this.#callee, ...fields } } },
    };
  }

  /** Runs the next verb. Behind the last one, the two are connected. */
  #runNext(effects: readonly CarrierEffect[], atMs: number): WhisperStep {
    const [verb, ...rest] = this.#verbs;
    this.#verbs = rest;
    if (verb === undefined) return { effects, next: { type: 'bridged' } };
    switch (verb.type) {
      case 'say':
      case 'play':
      case 'pause':
        this.#untilMs = atMs + promptMs(verb);
        return { effects: [...effects, ...promptNotes(verb, atMs, this.#verb.to)], next: { type: 'waits' } };
      case 'gather': {
        const promptsMs = verb.prompts.reduce((sumMs, prompt) => sumMs + promptMs(prompt), 0);
        this.#gathering = new Gathering(verb, atMs + promptsMs);
        this.#untilMs = this.#gathering.untilMs;
        const notes = verb.prompts.flatMap((prompt) => promptNotes(prompt, atMs, this.#verb.to));
        // A key that was pressed before anybody waited for one is gone; whoever pressed it does so again.
        if (this.#keyAtMs !== null) this.#keyAtMs = Math.max(this.#keyAtMs, atMs);
        return { effects: [...effects, ...notes], next: { type: 'waits' } };
      }
      case 'redirect':
        return this.#request({ purpose: 'callee', url: verb.url, method: verb.method });
      case 'dial':
        return { effects: [...effects, problem(13201, verb.to, atMs)], next: { type: 'over' } };
      case 'hangup':
        return { effects, next: { type: 'over' } };
      default: {
        const note = noted({ atMs, kind: 'verb.notSimulated', name: `${verb.type} at the other end of a dial` });
        return { effects: [...effects, note], next: { type: 'over' } };
      }
    }
  }
}
