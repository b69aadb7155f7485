import type { NextFraction } from '../../voice/sounds/signal.ts';

/** Of each hundred frames two are lost, three in a row on average. */
const lostShare = 0.02;
const lostInARow = 3;

/** Draws which frames of a line are lost. */
export class FrameLoss {
  readonly #draw: NextFraction;
  #isLosing = false;

  constructor(draw: NextFraction) {
    this.#draw = draw;
  }

  /** Whether the next frame is lost. */
  isLost(): boolean {
    const changes = this.#isLosing ? 1 / lostInARow : lostShare / (1 - lostShare) / lostInARow;
    if (this.#draw() < changes) this.#isLosing = !this.#isLosing;
    return this.#isLosing;
  }
}
