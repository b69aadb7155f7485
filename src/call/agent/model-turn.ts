import type { ModelBehavior } from '../call-settings.ts';
import type { Reaction } from '../reaction.ts';
import { LeftoverAudio } from './leftover-audio.ts';
import { TurnWords } from './turn-words.ts';

/** Pauses at the start of a reply were seen up to half a second; twice as long is a voice that nobody hears. */
const inaudibleMsMax = 1_000;

/** What is wrong with a turn of the model that has ended without anything to hear. */
export type TurnFault = 'silentTurn' | 'textOnlyTurn' | 'inaudibleTurn';

/**
 * The model's turn: whether the model still generates, and what the turn has brought.
 *
 * ```
 * idle ─ first audio ─► generating ─ all generated ─► generated ─ heard to its end ─► idle
 *   ▲                        └── interrupted or dropped ──┐ audio is late for a while
 *   └─────────────────────────────────────────────────────┘
 * ```
 *
 * The end of generation is told early, the end of the turn when the model believes that its audio has been played, and either may be
 * missing (GM-TURN-1, GM-TURN-2). So the first of the two ends the generation. What the caller still hears is the playout's business.
 *
 * A model that works in the background ends several turns before it is idle (GM-TURN-1), and only then is it judged what they brought.
 */
export class ModelTurn {
  readonly #reaction: Reaction;
  readonly #words = new TurnWords();
  #state: 'idle' | 'generating' | 'generated' = 'idle';
  readonly #late = new LeftoverAudio();
  #isOpen = false;
  #isWorking = false;
  #workedMs = 0;
  #brought: 'nothing' | 'text' | 'sound' = 'nothing';
  #mayBeSilent = false;
  #isAudible = false;
  #inaudibleMs = 0;

  constructor(reaction: Reaction) {
    this.#reaction = reaction;
  }

  get isGenerating(): boolean {
    return this.#state === 'generating';
  }

  get isGenerated(): boolean {
    return this.#state === 'generated';
  }

  /** Whether what the model sends belongs to a turn that was interrupted. */
  get isLate(): boolean {
    return this.#late.isLate(this.#reaction.nowMs);
  }

  /** Whether the model has begun a turn and not said that it is over: it believes that it speaks. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** When the model last said that it works in the background. */
  get workedMs(): number {
    return this.#workedMs;
  }

  /** Whether the turn has brought anything that the caller can hear. */
  get isAudible(): boolean {
    return this.#isAudible;
  }

  /** Whether so much inaudible sound has come that no more is waited for. */
  get isInaudible(): boolean {
    return !this.#isAudible && this.#inaudibleMs > inaudibleMsMax;
  }

  /** Whether the turn repeats the one before: the rest of it is not to be heard. */
  get isRepeat(): boolean {
    return this.#words.isRepeat;
  }

  // ── What comes ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** The model sends audio. Returns what it is: late audio of an interrupted turn, the first of a reply, or more of it. */
  audioArrived(): 'late' | 'first' | 'more' {
    this.#isOpen = true;
    if (this.#late.audioCame(this.#reaction.nowMs)) return 'late';
    const first = this.#state !== 'generating';
    this.#state = 'generating';
    this.#brought = 'sound';
    return first ? 'first' : 'more';
  }

  /** How loud that audio is. Once a turn is audible, pauses in it are part of it. */
  soundCame(isAudible: boolean, ms: number): void {
    this.#isAudible ||= isAudible;
    if (!this.#isAudible) this.#inaudibleMs += ms;
  }

  /** The words of the turn, piece by piece. Returns whether by now they repeat the turn before. */
  wordsCame(text: string): boolean {
    if (text.trim() !== '') this.textCame();
    return this.#words.add(text);
  }

  /** Text that is not spoken: a thought, or words whose sound is missing. */
  textCame(): void {
    if (this.#brought === 'nothing') this.#brought = 'text';
  }

  /** The model called a tool, or waits for the caller: nothing need be heard of this turn. */
  mayBeSilent(): void {
    this.#mayBeSilent = true;
  }

  /** The caller has said something, or the model was told something, so the same words may be the answer. */
  mayRepeat(): void {
    this.#words.mayRepeat();
  }

  // ── How it ends ────────────────────────────────────────────────────────────────────────────────────────────────

  /** The model has generated its whole reply. Returns whether that is news. */
  generationCompleted(): boolean {
    this.#late.generationCompleted();
    if (this.#state !== 'generating') return false;
    this.#state = 'generated';
    return true;
  }

  /** The model says that its turn is over. Returns whether that ends a generation which nothing ended before. */
  turnCompleted(): boolean {
    this.#isOpen = false;
    const wasLate = this.isLate;
    this.#late.turnCompleted(this.#reaction.nowMs);
    return wasLate ? false : this.generationCompleted();
  }

  /** Judges a turn that is over. Returns what was wrong with it, or null. */
  judge(turnEnd: ModelBehavior['turnEnd']): TurnFault | null {
    const wasAudible = this.#isAudible;
    this.#next();
    this.#words.partEnded();
    if (turnEnd === 'turnCompleted' || !this.#isWorking) return this.#ended(wasAudible);
    if (wasAudible) this.#mayBeSilent = true;
    return null;
  }

  /** The model works in the background, or has stopped doing so. Returns what was wrong with all that it brought, or null. */
  workChanged(isWorking: boolean): TurnFault | null {
    const wasWorking = this.#isWorking;
    this.#isWorking = isWorking;
    if (isWorking) this.#workedMs = this.#reaction.nowMs;
    return wasWorking && !isWorking ? this.#ended(this.#isAudible) : null;
  }

  /** The caller speaks, and the model has stopped for it. */
  interrupted(): void {
    this.#isOpen = false;
    this.dropped();
    this.#late.interrupted(this.#reaction.nowMs);
    this.#words.mayRepeat();
  }

  /** The caller speaks over the agent and hears no more of this turn, and the model does not know. */
  cut(): void {
    this.#late.cut(this.#reaction.nowMs, !this.isGenerating);
    this.#state = 'idle';
    this.#mayBeSilent = true;
    this.#next();
    this.#words.mayRepeat();
  }

  /** Whether the caller speaks, as our own ear hears it: what still comes of a turn that was stopped is told by that. */
  callerSpeaks(isSpeaking: boolean): void {
    this.#late.callerSpeaks(isSpeaking, this.#reaction.nowMs);
  }

  /** The model has stopped by mistake. Returns whether a reply broke off: what came of it is still to be heard. */
  brokeOff(): boolean {
    this.#isOpen = false;
    if (!this.isGenerating) return false;
    this.#late.brokeOff(this.#reaction.nowMs);
    this.#state = 'generated';
    this.#mayBeSilent = true;
    this.#words.mayRepeat();
    return true;
  }

  /** Nothing more is taken of this turn. */
  dropped(): void {
    this.#state = 'idle';
    this.#late.dropped(this.#reaction.nowMs);
    this.#mayBeSilent = true;
    this.#next();
  }

  /** The agent is stopped, and the model does not know. If the reply is complete, nothing more of it can come. */
  stopped(): void {
    if (this.isGenerating) return this.dropped();
    this.#state = 'idle';
    this.#mayBeSilent = true;
    this.#next();
  }

  /** The session is gone, and with it the end of its turn and what it worked on. Returns whether it was generating. */
  sessionLost(): boolean {
    this.#isWorking = false;
    this.#isOpen = false;
    this.#late.forget();
    this.#next();
    this.#forget();
    return this.generationCompleted();
  }

  /** The caller has heard the whole reply. */
  replyHeard(): void {
    this.#state = 'idle';
  }

  #ended(wasAudible: boolean): TurnFault | null {
    const fault = faults[this.#brought];
    const isFine = wasAudible || this.#mayBeSilent;
    if (wasAudible) this.#words.keep();
    this.#forget();
    return isFine ? null : fault;
  }

  #next(): void {
    this.#isAudible = false;
    this.#inaudibleMs = 0;
  }

  #forget(): void {
    this.#words.clear();
    this.#brought = 'nothing';
    this.#mayBeSilent = false;
  }
}

const faults = { nothing: 'silentTurn', text: 'textOnlyTurn', sound: 'inaudibleTurn' } as const;
