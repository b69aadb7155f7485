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

/**
 * What may come back of our own voice. It knows the level of what we play over the last half second and learns how much softer the line
 * gives it back; when in that time, it need not know.
 */
export class EchoGate {
  readonly #farDb = new Float64Array(historyFrames).fill(levelDbMin);
  #at = 0;
  #lossDb: number = lossDb.first;

  /** Takes the level of the next frame that we play, in dBFS, then says up to which level the caller's line may be an echo. */
  expectedDb(farLevelDb: number): number {
    this.#farDb[this.#at] = farLevelDb;
    this.#at = (this.#at + 1) % historyFrames;
    const loudest = this.#loudestDb();
    return loudest < farDbMin ? levelDbMin : loudest - this.#lossDb + marginDb;
  }

  /** Learns from the level of the caller's line, in dBFS, while somebody who speaks there is not the reason for it. */
  learn(nearLevelDb: number): void {
    const loudest = this.#loudestDb();
    if (loudest < farDbMin) return;
    const isLouder = loudest - nearLevelDb < this.#lossDb;
    const step = isLouder ? -learnDb * (1 - loudestShare) : learnDb * loudestShare;
    this.#lossDb = Math.min(lossDb.max, Math.max(lossDb.min, this.#lossDb + step));
  }

  #loudestDb(): number {
    let loudest = levelDbMin;
    for (let i = 0; i < historyFrames; i++) loudest = Math.max(loudest, this.#farDb[i] ?? levelDbMin);
    return loudest;
  }
}
