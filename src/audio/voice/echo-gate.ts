import { levelDbMin } from './frame-features.ts';

/** An echo comes back within half a second. */
const historyFrames = 25;

/** What we play below this level, in dBFS, is a pause: nothing comes back of it. */
const farDbMin = -50;

/** How much softer an echo is than what we play, in dB: the first guess, and what can be learned. Whatever is louder may be the caller. */
const lossDb = { first: 20, min: 12, max: 40 } as const;

/** How fast the loss is learned, in dB a frame; and which share of the frames comes back louder than what is learned: the 90th percentile. */
const learnDb = 0.08;
const loudestShare = 0.1;

/** An echo may be so much louder than it was so far, in dB. */
const marginDb = 4;

/** Behind these levels stand the loudest of them and the loss. */
const loudestAt = historyFrames;
const lossAt = loudestAt + 1;

/** How many numbers a gate needs. */
export const echoNumbers = lossAt + 1;

/**
 * What may come back of our own voice. It knows the level of what we play over the last half second and learns how much softer the line
 * gives it back; when in that time, it need not know.
 */
export class EchoGate {
  readonly #memory: Float64Array;
  readonly #begin: number;
  #next = 0;

  /** Keeps its numbers in this memory, from this place on. */
  constructor(memory = new Float64Array(echoNumbers), begin = 0) {
    this.#memory = memory.fill(levelDbMin, begin, begin + lossAt);
    this.#begin = begin;
    memory[begin + lossAt] = lossDb.first;
  }

  /** Takes the level of the next frame that we play, in dBFS, then says up to which level the caller's line may be an echo. */
  expectedDb(farLevelDb: number): number {
    const memory = this.#memory;
    const at = this.#begin + this.#next;
    const goneDb = memory[at] ?? levelDbMin;
    memory[at] = farLevelDb;
    this.#next = (this.#next + 1) % historyFrames;
    let loudest = this.#loudestDb;
    if (farLevelDb >= loudest) loudest = farLevelDb;
    else if (goneDb >= loudest) loudest = this.#loudestOfAll();
    memory[this.#begin + loudestAt] = loudest;
    return loudest < farDbMin ? levelDbMin : loudest - this.#lossDb + marginDb;
  }

  /** Learns from the level of the caller's line, in dBFS, while somebody who speaks there is not the reason for it. */
  learn(nearLevelDb: number): void {
    const loudest = this.#loudestDb;
    if (loudest < farDbMin) return;
    const isLouder = loudest - nearLevelDb < this.#lossDb;
    const step = isLouder ? -learnDb * (1 - loudestShare) : learnDb * loudestShare;
    this.#memory[this.#begin + lossAt] = Math.min(lossDb.max, Math.max(lossDb.min, this.#lossDb + step));
  }

  get #loudestDb(): number {
    return this.#memory[this.#begin + loudestAt] ?? levelDbMin;
  }

  get #lossDb(): number {
    return this.#memory[this.#begin + lossAt] ?? lossDb.first;
  }

  #loudestOfAll(): number {
    let loudest = levelDbMin;
    for (let i = 0; i < historyFrames; i++) loudest = Math.max(loudest, this.#memory[this.#begin + i] ?? levelDbMin);
    return loudest;
  }
}
