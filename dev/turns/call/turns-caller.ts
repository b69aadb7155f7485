import { mulawSilence } from '../../../src/audio/mulaw.ts';
import { roundToPcm16 } from '../../../src/audio/pcm16.ts';
import { type Handset, handsetFrameBytes, silentFrame, type SpokenFrame } from '../../../src/sim/caller/handset.ts';
import { codec } from '../../audio/codec.ts';
import { fractionsOf, type NextFraction } from '../../voice/sounds/signal.ts';
import type { TurnsCall, PlannedSound } from '../material/turns-call.ts';
import type { TurnRow } from '../material/turn-rows.ts';
import { earFrameMs } from '../score/ear.ts';
import { AgentEar } from './agent-ear.ts';
import { FrameLoss } from './frame-loss.ts';
import type { ReplyLocator } from './reply-locator.ts';

/** How long the agent must be quiet before the caller takes the next turn, in ms. */
const quietMs = 900;

/**
 * What happens after a sound that asks for nothing is watched for so long, in ms. The agent has words for that and for the sound itself when
 * it begins.
 */
const watchedMs = 2_600;

/** After an interruption or a question, the caller waits so long for an answer, in ms. */
const patienceMs = 12_000;

/** The echo of the agent comes back so many frames later. */
const echoFrames = 10;

/** A call that goes nowhere is over after so many ms for each thing that should happen. */
const eventMsMax = 40_000;

/** A sound that the caller's line brought, and when, in ms of the line. */
export interface SaidSound {
  readonly kind: 'question' | 'event';
  readonly name: string;
  /** When the caller begins and ends to speak. */
  readonly onsetMs: number;
  readonly endMs: number;
  /** Which reply the agent was saying when it began; null for none. */
  readonly over: string | null;
  /** What it asks of the agent. */
  readonly asks: TurnRow['asks'];
}

type State =
  | { readonly type: 'listens' }
  | { readonly type: 'speaks'; readonly kind: SaidSound['kind']; readonly planned: PlannedSound; at: number }
  | { readonly type: 'waits'; readonly forAnswer: boolean; readonly over: string | null; frames: number };

/** A caller who asks questions, and on whose line something happens while the agent speaks, 20 ms at a time. */
export class TurnsCaller implements Handset {
  readonly ear: AgentEar;
  readonly said: SaidSound[] = [];
  readonly #plan: TurnsCall;
  #onSay: ((clip: string) => void) | null = null;
  readonly #loss: FrameLoss | null;
  readonly #echo: Uint8Array[] = [];
  #state: State = { type: 'listens' };
  #frames = 0;
  #questions = 0;
  #events = 0;
  /** When the sound that was begun last is loud. */
  #tellFrame = -1;
  /** Since when the agent speaks, as far as what happens is due by it, in frames. */
  #dueSince: number | null = null;

  constructor(plan: TurnsCall, locator: ReplyLocator) {
    this.#plan = plan;
    this.ear = new AgentEar(locator);
    const draw: NextFraction | null = plan.lossSeed === null ? null : fractionsOf(plan.lossSeed);
    this.#loss = draw === null ? null : new FrameLoss(draw);
  }

  /** Tells whenever something begins, by its name for the model. */
  telling(onSay: (clip: string) => void): this {
    this.#onSay = onSay;
    return this;
  }

  hear(audio: Uint8Array): void {
    this.ear.hear(audio);
    if (this.#plan.echoGain > 0) this.#echo.push(audio.slice());
  }

  /** The model hears once more what was said last. */
  sayAgain(): void {
    const last = this.said.at(-1);
    if (last !== undefined) this.#onSay?.(last.kind);
  }

  nextFrame(): SpokenFrame {
    const { isWords } = this.ear;
    if (!isWords) this.#dueSince = null;
    else this.#dueSince ??= this.#frames;
    this.#decide();
    if (this.#frames === this.#tellFrame) this.#onSay?.(this.said.at(-1)?.kind ?? 'question');
    const audio = this.#loss?.isLost() === true ? silentFrame : this.#mixed();
    this.#frames += 1;
    return { audio, digit: null, hangsUp: this.#isOver, gaveUpStep: null };
  }

  get #isOver(): boolean {
    const isDone = this.#state.type === 'listens' && this.#events >= this.#plan.events.length;
    return isDone || this.#frames * earFrameMs > eventMsMax * (this.#plan.events.length + 1);
  }

  #decide(): void {
    const state = this.#state;
    if (state.type === 'speaks') {
      if (state.at * earFrameMs < Math.max(state.planned.endMs, state.planned.sound.length / 8)) return;
      this.#state = {
        type: 'waits',
        forAnswer: this.said.at(-1)?.asks !== 'goOn',
        over: this.said.at(-1)?.over ?? null,
        frames: 0,
      };
      this.#dueSince = this.ear.isWords ? this.#frames : null;
    } else if (state.type === 'waits') {
      state.frames += 1;
      if (!this.#hasWaited(state)) return;
      this.#state = { type: 'listens' };
    } else this.#listen();
  }

  #hasWaited({ forAnswer, over, frames }: Extract<State, { type: 'waits' }>): boolean {
    const ms = frames * earFrameMs;
    if (!forAnswer) return ms >= watchedMs;
    // The rest of what was interrupted is no answer.
    const { reply } = this.ear;
    return (this.ear.isWords && reply !== null && reply !== over) || ms >= patienceMs;
  }

  #listen(): void {
    const { row, events, questions } = this.#plan;
    const event = events[this.#events];
    if (event === undefined) return;
    const isGreeted = this.ear.hasHeardWords;
    if (row.when === 'between') {
      if (isGreeted && this.ear.silentMs >= quietMs) this.#say('event', event);
      return;
    }
    const spokenMs = this.#dueSince === null ? 0 : (this.#frames - this.#dueSince) * earFrameMs;
    const isDue =
      spokenMs >= event.afterMs && (row.when === 'greeting' || this.ear.wordsLeftMs >= event.endMs + watchedMs);
    if (isDue && (row.when === 'greeting' || this.said.length > 0)) return this.#say('event', event);
    const question = questions[this.#questions % questions.length];
    if (question === undefined || !isGreeted || this.ear.silentMs < quietMs) return;
    this.#say('question', question);
  }

  #say(kind: SaidSound['kind'], planned: PlannedSound): void {
    const nowMs = this.#frames * earFrameMs;
    if (kind === 'event') this.#events += 1;
    else this.#questions += 1;
    const { name, onsetMs, endMs } = planned;
    const over = this.ear.isWords ? this.ear.reply : null;
    const asks = kind === 'question' ? 'answer' : this.#plan.row.asks;
    this.said.push({ kind, name, onsetMs: nowMs + onsetMs, endMs: nowMs + endMs, over, asks });
    this.#state = { type: 'speaks', kind, planned, at: 0 };
    this.#tellFrame = Math.floor((nowMs + onsetMs) / earFrameMs);
  }

  /** What the line brings in this frame. */
  #mixed(): Uint8Array {
    const { background, echoGain } = this.#plan;
    const state = this.#state;
    const sound = state.type === 'speaks' ? state.planned.sound : null;
    const from = state.type === 'speaks' ? state.at * handsetFrameBytes : 0;
    if (state.type === 'speaks') state.at += 1;
    const echo = this.#echo.length > echoFrames ? this.#echo.shift() : undefined;
    const ground = (this.#frames * handsetFrameBytes) % background.length;
    const mixed = new Uint8Array(handsetFrameBytes);
    for (let i = 0; i < handsetFrameBytes; i++) {
      const echoed = echo === undefined ? 0 : echoGain * (codec.decode[echo[i] ?? mulawSilence] ?? 0);
      const sample = (background[ground + i] ?? 0) + (sound?.[from + i] ?? 0) + echoed;
      mixed[i] = codec.encode[roundToPcm16(sample) + 32_768] ?? mulawSilence;
    }
    return mixed;
  }
}
