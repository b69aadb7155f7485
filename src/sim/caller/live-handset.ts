import { meanSquare, pauseMeanSquareMax } from '../../audio/level.ts';
import type { MulawCodec } from '../../audio/mulaw.ts';
import { BadLine } from '../faults/bad-line.ts';
import type { NextRandom } from '../seeded-random.ts';
import { type Handset, silentFrame, type SpokenFrame } from './handset.ts';

/** Speech that waits before the first frame is taken: a browser sends two frames at once, or none for 32 ms. */
const startFrames = 3;

/** With more than this waiting, pauses are left out until the caller is heard in time again. */
const lateFrames = 8;

/** One second. Older speech is of no use: the agent has long gone on. */
const waitingFramesMax = 50;

/** More keys than anybody presses before the first is sent. */
const keysMax = 40;

/** Frames of the person's speech by what became of them, and how many wait. */
export interface SpeechTally {
  readonly taken: number;
  /** Came faster than they were spoken, and waited too long. */
  readonly dropped: number;
  /** Pauses that were left out, to be in time again. */
  readonly shortened: number;
  /** Frames of the line for which no speech was there, since it began. */
  readonly missing: number;
  readonly waiting: number;
}

/** What a live handset is made of. */
export interface LiveHandsetParts {
  readonly codec: MulawCodec;
  /** For the bad line. */
  readonly nextRandom: NextRandom;
  /** Takes each frame that is to be played, 160 bytes of mu-law. */
  readonly onHeard: (audio: Uint8Array) => void;
}

/** The handset of a person: speech comes from outside, 20 ms at a time and unevenly, and what is heard goes there. */
export class LiveHandset implements Handset {
  readonly #parts: LiveHandsetParts;
  readonly #waiting: Uint8Array[] = [];
  readonly #keys: string[] = [];
  #isFlowing = false;
  #badLine: { readonly out: BadLine; readonly back: BadLine } | null = null;
  #taken = 0;
  #dropped = 0;
  #shortened = 0;
  #missing = 0;

  constructor(parts: LiveHandsetParts) {
    this.#parts = parts;
  }

  get tally(): SpeechTally {
    return {
      taken: this.#taken,
      dropped: this.#dropped,
      shortened: this.#shortened,
      missing: this.#missing,
      waiting: this.#waiting.length,
    };
  }

  get isLineBad(): boolean {
    return this.#badLine !== null;
  }

  /** Makes the line good or bad, in both directions. */
  set isLineBad(isBad: boolean) {
    if (isBad === this.isLineBad) return;
    const { codec, nextRandom } = this.#parts;
    this.#badLine = isBad ? { out: new BadLine(codec, nextRandom), back: new BadLine(codec, nextRandom) } : null;
  }

  /** The person has spoken 20 ms: 160 bytes of mu-law. */
  speak(audio: Uint8Array): void {
    this.#waiting.push(audio);
    if (this.#waiting.length <= waitingFramesMax) return;
    this.#waiting.shift();
    this.#dropped += 1;
  }

  /** The person presses a key. */
  press(digit: string): void {
    if (this.#keys.length < keysMax) this.#keys.push(digit);
  }

  nextFrame(): SpokenFrame {
    const spoken = this.#nextSpoken();
    const audio = this.#badLine?.out.pass(spoken) ?? spoken;
    return { audio, digit: this.#keys.shift() ?? null, hangsUp: false, gaveUpStep: null };
  }

  hear(audio: Uint8Array): void {
    this.#parts.onHeard(this.#badLine?.back.pass(audio) ?? audio);
  }

  #nextSpoken(): Uint8Array {
    if (!this.#isFlowing && this.#waiting.length < startFrames) return silentFrame;
    this.#isFlowing = true;
    this.#catchUp();
    const next = this.#waiting.shift();
    if (next === undefined) {
      // Whatever is late waits for company again, or every later frame would come a moment too late.
      this.#isFlowing = false;
      this.#missing += 1;
      return silentFrame;
    }
    this.#taken += 1;
    return next;
  }

  #catchUp(): void {
    while (this.#waiting.length > lateFrames) {
      const [first = silentFrame] = this.#waiting;
      if (meanSquare(first, this.#parts.codec) > pauseMeanSquareMax) return;
      this.#waiting.shift();
      this.#shortened += 1;
    }
  }
}
