import type { ModelTurn } from '../agent/model-turn.ts';
import type { Intake } from '../caller/intake.ts';
import type { Reaction } from '../reaction.ts';
import type { Prompter } from '../talk/prompter.ts';
import type { ResponseWatchdog } from '../watchdog/response-watchdog.ts';
import type { CallerEar } from './caller-ear.ts';

/**
 * A model that speaks, as it believes, hears only about half of those who interrupt it. If no answer has begun so long after the caller's
 * end, the words are said to it again, and after as long once more it is asked.
 */
const answerMsMax = 1_200;

/** A model whose turn ended while the caller spoke has heard the rest of it, and mostly answers within this time. Else the words are said again. */
const listeningMsMax = 2_000;

/** A soft beginning lies before the moment at which a voice is noticed, in ms. */
const beforeOnsetMs = 300;

interface Unanswered {
  /** When the caller began. */
  readonly sinceMs: number;
  /** Whether the model believed then that it speaks. */
  readonly wasOverTurn: boolean;
  hasEnded: boolean;
  /** Whether the model has written down words of the caller, while it believes that it still speaks. */
  isNoticed: boolean;
  wasSaidAgain: boolean;
}

/** A caller for whom the agent has stopped, without the model knowing: sees to it that the model answers. */
export class UnansweredCaller {
  readonly #wordMs: number;
  readonly #ear: CallerEar;
  readonly #intake: Intake;
  readonly #turn: ModelTurn;
  readonly #watchdog: ResponseWatchdog;
  readonly #prompter: Prompter;
  readonly #reaction: Reaction;
  #caller: Unanswered | null = null;
  #turnWasOpen = false;
  #askedMs = -Infinity;

  /** `wordMs`: less voice than this is no word. */
  constructor(
    wordMs: number,
    ear: CallerEar,
    intake: Intake,
    turn: ModelTurn,
    watchdog: ResponseWatchdog,
    prompter: Prompter,
    reaction: Reaction,
  ) {
    this.#wordMs = wordMs;
    this.#ear = ear;
    this.#intake = intake;
    this.#turn = turn;
    this.#watchdog = watchdog;
    this.#prompter = prompter;
    this.#reaction = reaction;
  }

  /** How long ago the model was asked for an answer beside voices, in ms. */
  get sinceAskedMs(): number {
    return this.#reaction.nowMs - this.#askedMs;
  }

  /** Whether the agent has stopped for a caller of whom the model does not know yet. */
  get isUnnoticed(): boolean {
    return this.#caller !== null && !this.#caller.isNoticed;
  }

  /** The agent has stopped for a caller who was noticed so long ago. */
  began(sinceOnsetMs: number): void {
    this.#intake.keepWords(sinceOnsetMs + beforeOnsetMs);
    this.#watchdog.excused();
    this.#caller = {
      sinceMs: this.#reaction.nowMs - sinceOnsetMs,
      wasOverTurn: this.#turn.isOpen,
      hasEnded: false,
      isNoticed: false,
      wasSaidAgain: false,
    };
  }

  /** The model shows that it has heard the caller, or need not any more. */
  heard(): void {
    this.#caller = null;
    this.#reaction.stopWaiting('bargeIn');
  }

  /**
   * The model has written down words of the caller. If it believes that it still speaks, it may answer them only when it has finished; or at
   * once, and then it has its time from the first of them on, because they are written down up to a second late. A caller who still speaks
   * is not waited for, see `advance`.
   */
  noticed(): void {
    if (this.#caller === null || !this.#turn.isOpen) return this.heard();
    if (this.#caller.isNoticed) return;
    this.#caller.isNoticed = true;
    this.#reaction.wait('bargeIn', answerMsMax);
  }

  /** After each event. */
  advance(): void {
    const caller = this.#caller;
    if (caller === null) return;
    // Beside noise the ear hears somebody time and again, for less than a word. Who waits for an answer waits no longer for that.
    const isSpeaking = this.#ear.isSpeaking && this.#ear.voicedMs >= this.#wordMs;
    // It sends audio that is no rest of the old turn.
    if (this.#turn.isGenerating) return this.heard();
    if (caller.isNoticed && !this.#turn.isOpen) return this.heard();
    // Another session is told by itself what the caller said last, and a goodbye is no answer.
    if (!this.#prompter.isHeard || this.#watchdog.isResting) return this.heard();
    if (isSpeaking) {
      this.#watchdog.excused();
      caller.hasEnded = false;
      return this.#reaction.stopWaiting('bargeIn');
    }
    const { isOpen } = this.#turn;
    if (!caller.hasEnded) {
      caller.hasEnded = true;
      this.#watchdog.expect('answer');
      // A model whose turn was over before listens: it needs its time, and its ear for the end of speech is its own.
      if (isOpen) this.#reaction.wait('bargeIn', answerMsMax);
      else if (caller.wasOverTurn) this.#reaction.wait('bargeIn', listeningMsMax);
    } else if (this.#turnWasOpen && !isOpen) this.#reaction.wait('bargeIn', answerMsMax);
    this.#turnWasOpen = isOpen;
  }

  /** No answer has begun: the model may not have heard the caller while it spoke, as it believed. It hears the words again, then it is asked. */
  timedOut(): void {
    const caller = this.#caller;
    if (caller === null) return;
    // Whoever has just begun to speak may be about to say a word.
    const { isSpeaking, sinceOnsetMs } = this.#ear;
    if (isSpeaking && sinceOnsetMs < this.#wordMs) return this.#reaction.wait('bargeIn', this.#wordMs - sinceOnsetMs);
    // What is said to the model would cancel a tool for which it waits (GM-TOOL-3).
    if (this.#watchdog.isToolAwaited) return this.#reaction.wait('bargeIn', answerMsMax);
    if (caller.isNoticed || caller.wasSaidAgain) return this.#ask();
    caller.wasSaidAgain = true;
    const ms = this.#reaction.nowMs - caller.sinceMs + beforeOnsetMs;
    if (this.#intake.sayAgain(ms)) this.#reaction.note('info', 'wordsSaidAgain', { ms });
    this.#reaction.wait('bargeIn', answerMsMax);
  }

  /** The caller waits beside voices, one of which may begin before the answer comes. */
  askBesideNoise(): void {
    this.#askedMs = this.#reaction.nowMs;
    this.#ask();
  }

  /** A text is heard while the model speaks, too. That it had to be asked is no fault of the session. */
  #ask(): void {
    this.heard();
    this.#reaction.note('info', 'answerAskedFor', {});
    this.#watchdog.expect('answer');
    this.#prompter.askFor('answer', '');
  }
}
