import { mulawBytesPerMs } from '../../audio/mulaw.ts';
import type { CallerFrame } from '../caller/speech-backlog.ts';
import type { Reaction } from '../reaction.ts';

/** Nobody speaks so long without a pause that ends a turn. What goes on is noise, and the model would be silent for ever (GM-VAD-7). */
const openMsMax = 30_000;

/** Kept while it is not decided whether it is a turn. Longer speech has been decided on. */
const keptBytesMax = 12_000 * mulawBytesPerMs;

/** Of a turn with less speech in it, the model makes up what was said (GM-VAD-7). */
export const turnMsMin = 200;

/**
 * The turn of the caller as Parley marks it, for a model that does not detect turns by itself: it hears what it is sent between the two
 * marks, and nothing else (GM-VAD-6). While no turn is open, the last sound of the caller is kept, so that a turn can begin before it is
 * known to be one.
 */
export class TurnWindow {
  readonly #reaction: Reaction;
  #isAwaited = false;
  #isOpen = false;
  #sinceMs = 0;
  #kept: CallerFrame[] = [];
  #keptBytes = 0;
  #letGoBytes = 0;

  constructor(reaction: Reaction) {
    this.#reaction = reaction;
  }

  /** Whether the model listens, so that it must not be told anything else. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether a model is there for which turns are marked. */
  get isAwaited(): boolean {
    return this.#isAwaited;
  }

  /** How long the turn has been open, in ms. */
  get openMs(): number {
    return this.#reaction.nowMs - this.#sinceMs;
  }

  /**
   * Whether the end of the turn has not come in all the time that a turn may take. It needs no deadline: while a model listens, frames or the
   * silence in their place are events.
   */
  get isOverdue(): boolean {
    return this.#isOpen && this.openMs >= openMsMax;
  }

  /** What is kept and no model has heard, in mu-law bytes. */
  get waitingBytes(): number {
    return this.#kept.reduce((sum, frame) => sum + unheardBytes(frame), 0);
  }

  /** How much speech is kept, in ms. */
  get keptSpeechMs(): number {
    return speechMsOf(this.#kept);
  }

  /** A model listens, for which turns are marked, or not. */
  awaited(isAwaited: boolean): void {
    this.#isAwaited = isAwaited;
  }

  /** What was kept, is no part of any turn, and no model has heard, in mu-law bytes. */
  get letGoBytes(): number {
    return this.#letGoBytes;
  }

  /** Keeps sound while no turn is open. */
  keep(frame: CallerFrame): void {
    this.#kept.push(frame);
    this.#keptBytes += frame.audio.length;
    this.#letGo(keptBytesMax);
  }

  /** What is older is no part of the next turn. */
  keepLast(ms: number): void {
    this.#letGo(ms * mulawBytesPerMs);
  }

  /** Takes out what is kept. */
  takeKept(): CallerFrame[] {
    const kept = this.#kept;
    this.#kept = [];
    this.#keptBytes = 0;
    return kept;
  }

  begin(): void {
    this.#isOpen = true;
    this.#sinceMs = this.#reaction.nowMs;
    this.#reaction.do({ type: 'model.activityStart' });
  }

  end(): void {
    this.#isOpen = false;
    this.#reaction.do({ type: 'model.activityEnd' });
  }

  /** The session is gone, and the next one knows nothing of the turn. Returns whether it was open. */
  lost(): boolean {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    this.#isAwaited = false;
    return wasOpen;
  }

  #letGo(bytesMax: number): void {
    let frames = 0;
    for (const frame of this.#kept) {
      if (this.#keptBytes <= bytesMax) break;
      this.#keptBytes -= frame.audio.length;
      this.#letGoBytes += unheardBytes(frame);
      frames += 1;
    }
    if (frames > 0) this.#kept = this.#kept.slice(frames);
  }
}

/** Whether sound has so much speech in it that it can be a turn. */
export function isTurn(frames: readonly CallerFrame[]): boolean {
  return speechMsOf(frames) >= turnMsMin;
}

function speechMsOf(frames: readonly CallerFrame[]): number {
  return frames.reduce((sum, { isSpeech, audio }) => sum + (isSpeech ? audio.length : 0), 0) / mulawBytesPerMs;
}

function unheardBytes({ audio, wasForwarded }: CallerFrame): number {
  return wasForwarded ? 0 : audio.length;
}
