import type { Feeder } from '../agent/feeder.ts';
import type { CallerState } from '../agent/first-words.ts';
import type { ModelTurn } from '../agent/model-turn.ts';
import type { Intake } from '../caller/intake.ts';
import type { Reaction } from '../reaction.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { Prompter } from '../talk/prompter.ts';
import type { ResponseWatchdog } from '../watchdog/response-watchdog.ts';
import { hasPauses, type BargeInParameters, judgeOverlap, type CallerOverlap, usualBargeIn } from './barge-in-rule.ts';
import type { CallerEar } from './caller-ear.ts';
import { FalseHolds } from './false-holds.ts';
import { OverlapWatch } from './overlap-watch.ts';
import type { UnansweredCaller } from './unanswered-caller.ts';

/** What the model stops for is at most so long over: it notices speech 0.5 to 1 s late. */
const noticedMsMax = 1_500;

/** A television does not pause for so long, and who listens to a reply does, in ms. */
const silentMsMin = 3_000;

/** A reply that begins so shortly after the model was asked for one beside voices is what it was asked for. */
const askedMsMax = 4_000;

/** While the voice goes on, so much of it must have been heard before it can be called a hum, in ms. */
const humMsMin = 300;
const pauseMsMin = 60;

/**
 * Decides when the agent yields to a caller who speaks over it. Parley hears the caller before the model does and owns what the caller
 * hears, so it does not wait for the model: it steps back at the first of the caller's voice, stops when the rule says so, and sees to it
 * that the model answers what was said. What the model decides by itself still counts at once, unless it has stopped for a mere "mm-hm".
 */
export class BargeIn {
  readonly unanswered: UnansweredCaller;
  readonly #parameters: BargeInParameters | null;
  readonly #ear: CallerEar;
  readonly #intake: Intake;
  readonly #feeder: Feeder;
  readonly #conversation: Conversation;
  readonly #turn: ModelTurn;
  readonly #watchdog: ResponseWatchdog;
  readonly #prompter: Prompter;
  readonly #reaction: Reaction;
  readonly #falseHolds: FalseHolds;
  readonly #watch: OverlapWatch;
  #agentIsHeard = false;
  /** Whether the utterance that is watched was judged. */
  #isJudged = true;
  #isHeld = false;
  /** Whether the model has stopped for somebody whom our ear had not heard. */
  #isDoubted = false;
  #yieldedTo = 0;

  /** `parameters`: null leaves all of it to the model. */
  constructor(
    parameters: BargeInParameters | null,
    unanswered: UnansweredCaller,
    ear: CallerEar,
    intake: Intake,
    feeder: Feeder,
    conversation: Conversation,
    turn: ModelTurn,
    watchdog: ResponseWatchdog,
    prompter: Prompter,
    reaction: Reaction,
  ) {
    this.#parameters = parameters;
    this.unanswered = unanswered;
    this.#ear = ear;
    this.#intake = intake;
    this.#feeder = feeder;
    this.#conversation = conversation;
    this.#turn = turn;
    this.#watchdog = watchdog;
    this.#prompter = prompter;
    this.#reaction = reaction;
    this.#falseHolds = new FalseHolds(parameters?.falseHoldsMs ?? 0);
    this.#watch = new OverlapWatch(ear, parameters ?? usualBargeIn);
  }

  /** The utterance for which the agent stopped last; 0 when it has not stopped for any. */
  get yieldedTo(): number {
    return this.#yieldedTo;
  }

  /** After each event: looks at who is heard. Returns whether the agent has just stopped for the caller. */
  advance(): boolean {
    const { bargeIns } = this.#conversation;
    this.#turn.callerSpeaks(this.#ear.isSpeaking);
    if (this.#parameters === null) return false;
    this.#lookAtAgent();
    if (this.#agentIsHeard) this.#lookAtCaller(this.#parameters);
    this.#feeder.callerIs(this.#callerState);
    this.unanswered.advance();
    return this.#conversation.bargeIns > bargeIns;
  }

  // ── The caller speaks over the agent ───────────────────────────────────────────────────────────────────────────

  /** A greeting plays on, and so does a goodbye, unless the model stops: neither is said twice, and neither waits. */
  get #mayYield(): boolean {
    return !this.#intake.isHolding && !this.#watchdog.isResting;
  }

  /**
   * What a reply of which nothing was heard has to know of the caller. A greeting waits for nobody, however late it comes, and neither does
   * what is said beside a noise.
   */
  get #callerState(): CallerState {
    const ear = this.#ear;
    const isUndecided = this.#agentIsHeard && !this.#isJudged;
    const speaks = isUndecided || (this.#watch.hearsWords && ear.utterances !== this.#yieldedTo);
    if (speaks && this.#mayYield && this.#feeder.begunBytes > 0) return 'speaks';
    return ear.sinceVoiceMs > silentMsMin ? 'isSilent' : 'pauses';
  }

  #lookAtAgent(): void {
    const ear = this.#ear;
    const isHeard = this.#mayYield && this.#feeder.wordsUntilMs > this.#reaction.nowMs;
    if (isHeard === this.#agentIsHeard) return;
    this.#agentIsHeard = isHeard;
    this.#isDoubted = false;
    if (!isHeard) return this.#settle();
    this.#watch.begin(this.unanswered.sinceAskedMs <= askedMsMax);
    // Who was yielded to, speaks on, and is answered nevertheless, is noise for the model. The agent would never be heard beside it.
    this.#isJudged = !ear.isSpeaking || this.#watch.utterance === this.#yieldedTo;
  }

  #lookAtCaller(parameters: BargeInParameters): void {
    if (this.#watch.look()) this.#isJudged = false;
    if (this.#isJudged) return;
    const overlap = { ...this.#watch.seen, falseHolds: this.#falseHolds.count(this.#reaction.nowMs) };
    const { what, why } = judgeOverlap(overlap, parameters);
    if (what === 'hold') this.#hold(parameters.holdDb);
    else if (what === 'goOn') this.#goOn(why, overlap);
    else if (what === 'yield') this.#yield(why, overlap);
  }

  #hold(byDb: number): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#feeder.soften(byDb);
  }

  #settle(): void {
    this.#isJudged = true;
    if (this.#isHeld) this.#feeder.soften(0);
    this.#isHeld = false;
  }

  #goOn(why: string, overlap: CallerOverlap): void {
    const wasHeld = this.#isHeld;
    if (wasHeld) this.#falseHolds.add(this.#reaction.nowMs);
    this.#settle();
    this.#reaction.note('info', 'bargeInIgnored', { by: 'ear', why, ...reasonsIn(overlap), wasHeld });
  }

  #yield(why: string, overlap: CallerOverlap): void {
    const sinceOnsetMs = Math.max(this.#ear.sinceOnsetMs, overlap.sinceOnsetMs);
    this.#isHeld = false;
    this.#agentIsHeard = false;
    this.#yieldedTo = this.#watch.utterance;
    const { falseHolds } = overlap;
    this.#conversation.yieldToCaller('ear', { why, sinceOnsetMs, ...reasonsIn(overlap), falseHolds });
    // Where turns are marked, the caller has the next one, and the model hears all of it.
    if (this.#intake.window.isAwaited) return;
    this.unanswered.began(sinceOnsetMs);
  }

  // ── The model stops by itself ──────────────────────────────────────────────────────────────────────────────────

  /**
   * The model has stopped, as it does when it hears the caller. Returns whether that was a mistake: it stopped for no more than a "mm-hm", or
   * for a noise in which our ear hears nobody. Then what came of its reply is heard to its end, and it is asked for the rest.
   */
  mendsInterruption(): boolean {
    this.unanswered.heard();
    const why = this.#mistake;
    if (why === null) return false;
    const voicedMs = this.#hearsNobody ? 0 : this.#watch.seen.voicedMs;
    this.#reaction.note('info', 'bargeInIgnored', { by: 'model', why, voicedMs, wasHeld: this.#isHeld });
    this.#isDoubted = this.#hearsNobody;
    if (this.#conversation.breakOff()) {
      // The turn that broke off may yet end, and that is not the rest which it is asked for.
      this.#watchdog.expect('anything');
      this.#prompter.askFor('rest', this.#conversation.agentWords);
    }
    return true;
  }

  /** For what the model has stopped, if that was nothing to stop for. */
  get #mistake(): 'hum' | 'noise' | null {
    const ear = this.#ear;
    if (this.#parameters === null || !this.#agentIsHeard) return null;
    // What the model is told stops it as well.
    if (this.#hearsNobody)
      return this.#intake.gate.isLoud && this.#prompter.sinceToldMs > noticedMsMax ? 'noise' : null;
    if (ear.utterances !== this.#watch.utterance || ear.utterances === 0) return null;
    const { seen } = this.#watch;
    if (seen.sinceVoiceMs < pauseMsMin && ear.voicedMs < humMsMin) return null;
    if (!seen.isSpeaking && seen.voicedMs < this.#parameters.wordMs) return 'noise';
    return ear.isHumLike && !hasPauses(seen, this.#parameters) ? 'hum' : null;
  }

  /** Whether our ear has heard nobody for whom the model may have stopped. */
  get #hearsNobody(): boolean {
    return this.#ear.sinceOffsetMs > noticedMsMax;
  }

  /**
   * The model has written down words of the caller. Returns whether it has stopped for these, and was not believed because our ear had heard
   * nobody: somebody who is far from the telephone, say.
   */
  wasRightToStop(): boolean {
    const wasRight = this.#isDoubted && this.#agentIsHeard;
    this.#isDoubted = false;
    return wasRight;
  }
}

/** What the log tells of the voice that was judged. */
function reasonsIn({ voicedMs, voicedShare, articulation, changeDb }: CallerOverlap): Readonly<Record<string, number>> {
  return { voicedMs, voicedShare, articulation, changeDb };
}
