import type { ModelTurn } from '../agent/model-turn.ts';
import type { Patience } from '../call-settings.ts';
import type { Leg } from '../phone/leg.ts';
import type { Reaction } from '../reaction.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { ToolWork } from '../tooling/tool-work.ts';
import type { TurnWindow } from '../turns/turn-window.ts';
import { Expectation, type Expected } from './expectation.ts';

/**
 * Knows what the caller waits to hear from the model, and fills the silence meanwhile. What is done when it does not come is the
 * escalation's. It rests once an exit is decided.
 */
export class ResponseWatchdog {
  readonly #leg: Leg;
  readonly #conversation: Conversation;
  readonly #window: TurnWindow;
  readonly #turn: ModelTurn;
  readonly #tools: ToolWork;
  readonly #reaction: Reaction;
  readonly #expectation: Expectation;
  #streamSinceMs = 0;
  #toolMs = 0;

  constructor(
    patience: Patience,
    leg: Leg,
    conversation: Conversation,
    window: TurnWindow,
    turn: ModelTurn,
    tools: ToolWork,
    reaction: Reaction,
  ) {
    this.#expectation = new Expectation(patience);
    this.#leg = leg;
    this.#conversation = conversation;
    this.#window = window;
    this.#turn = turn;
    this.#tools = tools;
    this.#reaction = reaction;
  }

  get expected(): Expected | null {
    return this.#expectation.expected;
  }

  /** Since when something is expected. */
  get sinceMs(): number {
    return this.#expectation.sinceMs;
  }

  /** Since when the model has had its time for it. */
  get renewedMs(): number {
    return this.#expectation.renewedMs;
  }

  /** Since when the caller hears no words; Infinity while there is no stream on which to hear any, and in a turn of the caller's own. */
  get quietSinceMs(): number {
    const mayHear = this.#leg.hasStream && !this.#window.isOpen;
    return mayHear ? Math.max(this.#streamSinceMs, this.#conversation.wordsUntilMs) : Infinity;
  }

  /** The longest time that any tool may take, or might have taken, which was called for what is expected, in ms. */
  get toolMs(): number {
    return Math.max(this.#toolMs, this.#tools.longestMs);
  }

  /** Whether the model session waits for a tool. */
  get isToolAwaited(): boolean {
    return this.#tools.isAwaited;
  }

  /** Whether the caller has heard anything of the model yet. Until then, the greeting is what is expected. */
  get hasGreeted(): boolean {
    return this.#expectation.hasGreeted;
  }

  /** Whether an exit is decided, and nothing more is expected. */
  get isResting(): boolean {
    return this.#leg.exit !== null;
  }

  /** Whether somebody speaks, or somebody else must. */
  get isActive(): boolean {
    const callerSpeaks = this.#conversation.callerSpeaks || this.#window.isOpen;
    return callerSpeaks || this.#turn.isGenerating || this.expected !== null || this.#tools.isBusy;
  }

  // ── The caller waits ───────────────────────────────────────────────────────────────────────────────────────────

  expect(expected: Expected): void {
    if (!this.isResting) this.#expectation.expect(expected, this.#reaction.nowMs);
  }

  /** The model has understood the caller and waits for a tool, and the caller waits with it. */
  toolCalled(): void {
    this.#toolMs = this.toolMs;
    if (this.#tools.isAwaited && !this.#turn.isGenerating) this.expect('toolResult');
  }

  /** The session is gone. If an answer is expected already, it counts more than the rest of an old reply. */
  sessionLost(): void {
    if (this.expected !== null) return;
    if (this.#turn.isGenerating) this.expect('rest');
    else if (this.#tools.isAwaited) this.expect('toolResult');
  }

  /** Another session is there, which needs its time. */
  sessionOpened(): void {
    this.#expectation.renew(this.#reaction.nowMs);
  }

  /** The model says that it works on what is expected (GM-TURN-1): to ask again would break that off, so it gets its time anew. */
  modelWorks(): void {
    this.#expectation.renew(this.#reaction.nowMs);
  }

  /** The call comes from an earlier process. Whoever has not heard a word yet is greeted. `isWaiting`: whether the caller waits for words. */
  restored(hasGreeted: boolean, isWaiting: boolean): void {
    if (hasGreeted) this.#expectation.greeted();
    if (isWaiting) this.expect('anything');
  }

  /** A stream is there: from here on the caller can hear something. */
  streamStarted(): void {
    this.#streamSinceMs = this.#reaction.nowMs;
    this.#expectation.comfortAnew();
  }

  // ── The wait is over ───────────────────────────────────────────────────────────────────────────────────────────

  /** Nothing is expected any more. */
  satisfied(): void {
    this.#toolMs = 0;
    this.#expectation.satisfied();
  }

  /**
   * The caller hears words of the model. More are expected until it says that the reply is complete. Returns how long the caller has waited
   * for an answer, with no tool between; null when it was for something else.
   */
  wordsCame(): number | null {
    const waitedMs = this.expected === 'answer' ? this.#reaction.nowMs - this.sinceMs : null;
    this.#expectation.greeted();
    this.satisfied();
    if (this.#turn.isGenerating) this.expect('rest');
    return waitedMs;
  }

  /** The model has said all that it wanted to say. */
  restCame(): void {
    if (this.expected !== 'rest') return;
    this.satisfied();
    // "Let me look that up": what it found is still to come.
    this.toolCalled();
  }

  /** The caller speaks, or the model chose to be silent. A greeting is still expected, whatever noise is on the line. */
  excused(): void {
    if (this.expected !== 'greeting') this.satisfied();
    this.#conversation.stopComfort();
  }

  /**
   * The model has stopped: for the caller, who speaks or has just spoken, or for a nudge. What was expected before stays expected, and
   * keeps its waiting time.
   */
  interrupted(): void {
    const { callerSpeaks } = this.#conversation;
    if (callerSpeaks || this.expected === 'rest') this.excused();
    if (!callerSpeaks && this.expected === null) this.expect('answer');
  }

  // ── Time ───────────────────────────────────────────────────────────────────────────────────────────────────────

  comfortTimedOut(): void {
    if (!this.isResting) this.#conversation.playComfort(this.#expectation.takeComfort());
  }

  /** After each event: until when the caller may hear nothing at all. */
  advance(): void {
    if (this.isResting) {
      this.satisfied();
      this.#conversation.stopComfort();
    }
    const dueMs = this.#expectation.comfortDeadlineMs(this.quietSinceMs);
    this.#reaction.waitUntil('comfort', dueMs === Infinity ? null : dueMs);
  }
}
