import type { Reaction } from '../reaction.ts';

/**
 * How long the call waits for a quiet moment when a session has reached its age. The configured age lies minutes before the service ends
 * the session.
 */
const patienceMs = 30_000;

/** How long before the announced end the session is replaced, so that Parley closes it and its handle can be used. */
const marginMs = 2_000;

/** An answer that took longer is slow, and three in a row are a session that is getting worse. */
const slowAnswerMs = 3_000;
const slowAnswersMax = 3;

/** A slow session is replaced only when it is this old: if the service itself is slow, new sessions do not help. */
const slowRotationMs = 120_000;

/** A session that gets `goAway` before it is this old was of no use, and the next one may get it as early. */
const ageMsMin = 10_000;

/** Without compression, the service ends a session that gets pictures at this age, over all its connections (GM-LIMIT-1). */
const picturedMsMax = 120_000;

/** Why a session is replaced although it still works. */
export type RotationCause = 'age' | 'goAway' | 'slow' | 'pictures';

/** When the model session should be replaced by another one: before the service ends it, and when its answers get slower and slower. */
export class Rotation {
  readonly #reaction: Reaction;
  readonly #sessionMsMax: number;
  #cause: RotationCause | null = null;
  #slowAnswers = 0;
  #openedAtMs = 0;
  #isPictured = false;

  constructor(reaction: Reaction, sessionMsMax: number) {
    this.#reaction = reaction;
    this.#sessionMsMax = sessionMsMax;
  }

  /** Why the session is to be replaced at the next quiet moment; null when it is not. */
  get cause(): RotationCause | null {
    return this.#cause;
  }

  /** Whether the session has hardly begun. */
  get isEarly(): boolean {
    return this.#reaction.nowMs - this.#openedAtMs < ageMsMin;
  }

  /** Whether pictures shorten the life of the session. One that resumes it would have no more of it. */
  get isPictured(): boolean {
    return this.#isPictured;
  }

  opened(): void {
    this.#cause = null;
    this.#isPictured = false;
    this.#slowAnswers = 0;
    this.#openedAtMs = this.#reaction.nowMs;
    this.#reaction.wait('rotation', this.#sessionMsMax);
  }

  /** The session gets a picture that shortens its life. */
  pictured(): void {
    if (this.#isPictured) return;
    this.#isPictured = true;
    const lifeMs = Math.min(this.#sessionMsMax, picturedMsMax - patienceMs - marginMs);
    if (this.#cause === null) this.#reaction.waitUntil('rotation', this.#openedAtMs + lifeMs);
  }

  /** The service will end the session (GM-GOAWAY-1). */
  goingAway(timeLeftMs: number): void {
    this.#cause = 'goAway';
    this.#reaction.wait('rotation', Math.max(0, timeLeftMs - marginMs));
  }

  /** The caller waited this long for an answer that needed no tool. */
  answered(tookMs: number): void {
    this.#slowAnswers = tookMs < slowAnswerMs ? 0 : this.#slowAnswers + 1;
    const isOld = this.#reaction.nowMs - this.#openedAtMs >= slowRotationMs;
    if (this.#slowAnswers < slowAnswersMax || !isOld || this.#cause !== null) return;
    this.#want('slow');
  }

  /** The wait for age or for a quiet moment is over. Returns whether the session must be replaced now, whatever goes on. */
  timedOut(): boolean {
    if (this.#cause !== null) return true;
    this.#want(this.#isPictured ? 'pictures' : 'age');
    return false;
  }

  /** There is no session. */
  ended(): void {
    this.#cause = null;
    this.#reaction.stopWaiting('rotation');
  }

  #want(cause: RotationCause): void {
    this.#cause = cause;
    this.#reaction.wait('rotation', patienceMs);
  }
}
