import type { ServerContent } from '../protocol/server-message.ts';
import type { UnsentSpeech } from './late-audio.ts';
import { planSpeech } from './speech-plan.ts';
import type { Clip, SpeechDelivery, PlannedMessage } from './speech-plan.ts';
import type { InstantStep, TurnStep, ToolRequest, Turn } from '../script/turn.ts';
import type { ScriptedTurn } from '../script/turn-supply.ts';

/** What a reply wants done, in order. After `calls` it waits to hear which of them block. */
export type ReplyOutput =
  | { readonly type: 'audio'; readonly content: ServerContent }
  | { readonly type: 'calls'; readonly requests: readonly ToolRequest[] }
  | { readonly type: 'step'; readonly step: InstantStep }
  /** Everything is generated; the supposed playback may go on (GM-TURN-1). */
  | { readonly type: 'generated' }
  /** The supposed playback has ended as well. */
  | { readonly type: 'over' };

type ReplyState =
  | { readonly name: 'working'; readonly nextAtMs: number }
  | { readonly name: 'saying'; readonly beganAtMs: number; readonly planned: readonly PlannedMessage[] }
  | { readonly name: 'awaitingAnswers'; readonly ids: ReadonlySet<string> }
  | { readonly name: 'playing' }
  | { readonly name: 'finished' };

/** One turn of the model while it is performed: takes its steps in order, and knows when the caller's side will have played them. */
export class Reply {
  readonly scripted: ScriptedTurn;
  /** The turn as it is performed. */
  readonly turn: Turn;
  readonly #clips: ReadonlyMap<string, Clip>;
  readonly #delivery: SpeechDelivery;
  #steps: readonly TurnStep[];
  #state: ReplyState;
  #playbackEndsAtMs = 0;
  #sentMs = 0;
  #sentWords = '';
  #hasBegun = false;
  #billedMs = 0;
  #isReported = false;

  constructor(
    scripted: ScriptedTurn,
    turn: Turn,
    clips: ReadonlyMap<string, Clip>,
    delivery: SpeechDelivery,
    startAtMs: number,
  ) {
    this.scripted = scripted;
    this.turn = turn;
    this.#clips = clips;
    this.#delivery = delivery;
    this.#steps = turn.steps;
    this.#state = { name: 'working', nextAtMs: startAtMs };
  }

  /** False while the model still thinks: then a reply can be given up without a trace. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Whether its voice is being sent, or still played by all that is known here. */
  isHeard(atMs: number): boolean {
    return this.#state.name === 'saying' ? this.#sentMs > 0 : this.#playbackEndsAtMs > atMs;
  }

  /** Whether all of it has been sent, and is only played. */
  get isGenerated(): boolean {
    return this.#state.name === 'playing';
  }

  /** Whether the client was told of its end already, and nothing has come since (GM-TURN-1). */
  get isReported(): boolean {
    return this.#isReported;
  }

  /** The words of the audio sent so far: what the model remembers of the turn when it is cut off (GM-TURN-2). */
  get sentWords(): string {
    return this.#sentWords;
  }

  /** The client is told that the turn is over. Returns how much of its audio no bill was for, in ms. */
  reported(): number {
    const unbilledMs = this.#sentMs - this.#billedMs;
    this.#billedMs = this.#sentMs;
    this.#isReported = true;
    return unbilledMs;
  }

  nextDeadline(): number | null {
    const state = this.#state;
    if (state.name === 'working') return state.nextAtMs;
    if (state.name === 'saying') return state.beganAtMs + (state.planned[0]?.afterMs ?? 0);
    return state.name === 'playing' ? this.#playbackEndsAtMs : null;
  }

  /** The next output that is due, or null. Call it until it gives null. */
  next(atMs: number): ReplyOutput | null {
    const deadline = this.nextDeadline();
    if (deadline === null || deadline > atMs) return null;
    this.#hasBegun = true;
    if (this.#state.name === 'saying') return this.#sayNext(this.#state.beganAtMs, this.#state.planned, atMs);
    if (this.#state.name === 'playing') {
      this.#state = { name: 'finished' };
      return { type: 'over' };
    }
    return this.#takeStep(atMs);
  }

  /** Says which of the calls that `next` gave must be answered before the turn goes on; none lets it go on at once (GM-TOOL-1). */
  awaitAnswers(ids: readonly string[], atMs: number): void {
    this.#state =
      ids.length === 0 ? { name: 'working', nextAtMs: atMs } : { name: 'awaitingAnswers', ids: new Set(ids) };
  }

  /** A call it waits for was answered: `steps` come first, from `resumeAtMs` on, once no other answer is missing. */
  answer(id: string, steps: readonly TurnStep[], resumeAtMs: number): void {
    if (this.#state.name !== 'awaitingAnswers' || !this.#state.ids.has(id)) return;
    const ids = new Set(this.#state.ids);
    ids.delete(id);
    this.#steps = [...steps, ...this.#steps];
    this.#state = ids.size === 0 ? { name: 'working', nextAtMs: resumeAtMs } : { name: 'awaitingAnswers', ids };
  }

  /** A call it waits for was made again: the answer to the new one counts (GM-TOOL-7). */
  awaitInstead(id: string, newId: string): void {
    if (this.#state.name !== 'awaitingAnswers' || !this.#state.ids.has(id)) return;
    const ids = [...this.#state.ids].map((each) => (each === id ? newId : each));
    this.#state = { name: 'awaitingAnswers', ids: new Set(ids) };
  }

  /** The audio messages that come next, at most `count`: what still slips out after an interruption (GM-TURN-2). */
  upcoming(count: number): readonly ServerContent[] {
    return this.#state.name === 'saying' ? this.#state.planned.slice(0, count).map(({ content }) => content) : [];
  }

  /** What of the present sentence is still to be sent. */
  unsent(): UnsentSpeech | null {
    return this.#state.name === 'saying' ? this.#state : null;
  }

  #sayNext(beganAtMs: number, planned: readonly PlannedMessage[], atMs: number): ReplyOutput | null {
    const [message, ...rest] = planned;
    this.#state =
      rest.length === 0 ? { name: 'working', nextAtMs: atMs } : { name: 'saying', beganAtMs, planned: rest };
    if (message === undefined) return this.#takeStep(atMs);
    this.#isReported = false;
    this.#sentMs += message.audioMs;
    this.#sentWords += message.words;
    this.#playbackEndsAtMs = Math.max(this.#playbackEndsAtMs, atMs) + message.audioMs;
    return { type: 'audio', content: message.content };
  }

  #takeStep(atMs: number): ReplyOutput | null {
    const [step, ...rest] = this.#steps;
    this.#steps = rest;
    if (step === undefined) return this.#end(atMs);
    if ('say' in step) {
      const clip = this.#clips.get(step.say);
      const planned = clip === undefined ? [] : planSpeech(step, clip, this.#delivery);
      this.#state = { name: 'saying', beganAtMs: atMs, planned };
      return this.next(atMs);
    }
    if ('waitMs' in step) {
      this.#state = { name: 'working', nextAtMs: atMs + step.waitMs };
      return this.next(atMs);
    }
    if ('call' in step) {
      this.#state = { name: 'awaitingAnswers', ids: new Set() };
      return { type: 'calls', requests: step.call };
    }
    this.#state = { name: 'working', nextAtMs: atMs };
    return { type: 'step', step };
  }

  #end(atMs: number): ReplyOutput | null {
    if (this.turn.ends === 'never') {
      this.#state = { name: 'finished' };
      return null;
    }
    if (this.turn.ends === 'early') this.#playbackEndsAtMs = atMs;
    this.#state = { name: 'playing' };
    return { type: 'generated' };
  }
}
