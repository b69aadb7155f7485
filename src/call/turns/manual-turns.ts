import { usualVoiceSettings } from '../../audio/voice/voice-settings.ts';
import type { ModelTurn } from '../agent/model-turn.ts';
import type { Intake } from '../caller/intake.ts';
import type { Reaction } from '../reaction.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { Prompter } from '../talk/prompter.ts';
import type { ResponseWatchdog } from '../watchdog/response-watchdog.ts';
import type { BargeIn } from './barge-in.ts';
import type { CallerEar } from './caller-ear.ts';
import { turnMsMin } from './turn-window.ts';

/** Sound that goes to the model from before the caller was noticed: 300 ms as the guide advises (GM-VAD-7), and what noticing takes. */
const preRollMs = 300 + 120;

/** So much quiet ends a turn, in ms; less after long speech, since who has said so much has made the point. */
const endMs = { usual: 540, afterLong: 400 };
const longSpeechMs = 5_000;

/**
 * Beside noise such as a television each voice would be a turn, and would take away the answer to the turn before. Who has waited so long shall
 * hear one: for the other time after the end of a turn, within which a model mostly begins (GM-VAD-7), what is said is only kept.
 */
const noisyWaitMs = 3_000;
const answerMs = 2_200;

/** Who stopped speaking so shortly before the agent did has answered the agent's last words, in ms. */
const lastWordsMs = 1_500;

/**
 * Marks the caller's turns for a model that does not detect them (GM-VAD-6), by Parley's own ear.
 *
 * ```
 * closed ── speech, and the agent is silent or has yielded ──► open ── quiet, or 30 s ──► closed: an answer is expected
 *   ▲ sound is kept; short sounds, and murmurs over the agent, are let go          │
 *   └────────────────── the session is lost: the next one is told again ───────────┘
 * ```
 *
 * While a turn is open no text goes to the model, and whatever the model says belongs to an earlier turn. Once an exit is decided there are
 * no more turns: the goodbye is the last that is said.
 */
export class ManualTurns {
  readonly #ear: CallerEar;
  readonly #intake: Intake;
  readonly #conversation: Conversation;
  readonly #turn: ModelTurn;
  readonly #bargeIn: BargeIn;
  readonly #watchdog: ResponseWatchdog;
  readonly #prompter: Prompter;
  readonly #reaction: Reaction;
  /** The utterance that has had its turn. */
  #taken = 0;
  #wasOpen = false;
  /** Since when the caller waits for an answer beside noise; null for nobody. */
  #waitsSinceMs: number | null = null;
  /** When the turn ended whose answer has time to come; null for none. */
  #keepsSinceMs: number | null = null;
  /** After a turn whose end never came: nothing is a turn until the caller begins anew, or has heard an answer. */
  #endless: 'no' | 'unanswered' | 'answered' = 'no';

  constructor(
    ear: CallerEar,
    intake: Intake,
    conversation: Conversation,
    turn: ModelTurn,
    bargeIn: BargeIn,
    watchdog: ResponseWatchdog,
    prompter: Prompter,
    reaction: Reaction,
  ) {
    this.#ear = ear;
    this.#intake = intake;
    this.#conversation = conversation;
    this.#turn = turn;
    this.#bargeIn = bargeIn;
    this.#watchdog = watchdog;
    this.#prompter = prompter;
    this.#reaction = reaction;
  }

  /** After each event, and after it was decided whether the agent yields: whether a turn begins or ends. */
  advance(): void {
    const { window } = this.#intake;
    if (this.#agentIsHeard) this.#waitsSinceMs = this.#keepsSinceMs = null;
    this.#followEndless();
    if (window.isAwaited && !window.isOpen) {
      if (this.#isDue) this.#begin();
      else this.#keep();
    } else if (window.isOpen && !this.#wasOpen) {
      // What was held, or a lost session has not heard, begins a turn as well.
      this.#began();
    }
    if (window.isOpen && this.#watchdog.isResting) this.#end('leaving');
    else if (window.isOverdue) this.#end('tooLong');
    else if (window.isOpen && this.#quietMs >= this.#endMs) this.#end('quiet');
    this.#wasOpen = window.isOpen;
  }

  #followEndless(): void {
    if (this.#endless === 'unanswered' && this.#agentIsHeard) this.#endless = 'answered';
    if (this.#endless !== 'answered' || this.#agentIsHeard) return;
    this.#endless = 'no';
    this.#taken = 0;
  }

  /** Whether what is kept is a turn of the caller. Who is yielded to has said enough, however short the word was. */
  get #isDue(): boolean {
    const { isSpeaking, sinceOffsetMs, utterances } = this.#ear;
    // A goodbye would not be heard in a turn of the caller.
    if (utterances === this.#taken || this.#agentIsHeard || this.#watchdog.isResting) return false;
    if (this.#keepsSinceMs !== null && this.#sinceMs(this.#keepsSinceMs) < answerMs) return false;
    const isRecent = isSpeaking || sinceOffsetMs < lastWordsMs || this.#keepsSinceMs !== null;
    const isEnough = this.#intake.window.keptSpeechMs >= turnMsMin || this.#bargeIn.yieldedTo === utterances;
    return isRecent && isEnough;
  }

  /** Keeps as much of the caller's last sound as may be part of the next turn. */
  #keep(): void {
    const { isSpeaking, sinceOffsetMs, sinceOnsetMs, utterances } = this.#ear;
    const mayBeTurn = utterances !== this.#taken && (isSpeaking || sinceOffsetMs < lastWordsMs);
    const waitedMs = this.#keepsSinceMs === null ? 0 : this.#sinceMs(this.#keepsSinceMs);
    this.#intake.window.keepLast(Math.max(mayBeTurn ? sinceOnsetMs : 0, waitedMs) + preRollMs);
    // Nobody has said anything meanwhile.
    if (waitedMs >= answerMs) this.#keepsSinceMs = null;
  }

  get #quietMs(): number {
    return this.#ear.isSpeaking ? 0 : this.#ear.sinceOffsetMs + usualVoiceSettings.hangoverMs;
  }

  get #endMs(): number {
    return this.#intake.window.openMs < longSpeechMs ? endMs.usual : endMs.afterLong;
  }

  #sinceMs(timeMs: number): number {
    return this.#reaction.nowMs - timeMs;
  }

  get #agentIsHeard(): boolean {
    return this.#conversation.wordsUntilMs > this.#reaction.nowMs;
  }

  #begin(): void {
    this.#began();
    this.#intake.beginTurn();
  }

  /** What the model is still saying, or has yet to say, answers an earlier turn. */
  #began(): void {
    if (this.#agentIsHeard || this.#turn.isGenerating) this.#conversation.yieldToCaller('ear', { why: 'turn' });
    this.#watchdog.excused();
    this.#keepsSinceMs = null;
  }

  #end(cause: 'quiet' | 'tooLong' | 'leaving'): void {
    const { gate, window } = this.#intake;
    const { nowMs } = this.#reaction;
    this.#waitsSinceMs = cause === 'quiet' && gate.hasNobody ? (this.#waitsSinceMs ?? nowMs) : null;
    this.#keepsSinceMs = this.#sinceMs(this.#waitsSinceMs ?? nowMs) >= noisyWaitMs ? nowMs : null;
    this.#taken = this.#ear.utterances;
    this.#endless = cause === 'tooLong' && this.#ear.isSpeaking ? 'unanswered' : 'no';
    this.#reaction.note('info', 'turnMarked', { cause, ms: Math.round(window.openMs) });
    window.end();
    this.#watchdog.expect('answer');
    this.#prompter.tellWaiting();
  }
}
