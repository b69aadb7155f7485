import { seededRandom } from '../../../src/sim/seeded-random.ts';
import { Draw } from '../../../src/sim/seeds/draw.ts';
import { within } from '../../../src/system/within.ts';
import { ChaosCall } from './chaos-call.ts';

/** How often is looked who hangs up, and whether somebody calls: one after the other, as callers do. */
const lookMs = 250;

/** Short enough that new calls come all the time. */
const talkMs = { min: 12_000, max: 45_000 };

/** What is slower is not waited for: Twilio gives up after 15 s (TW-HOOK-2), and tries again. */
const settledMsMax = 30_000;

const digitsMin = 12_025_550_000;

/** Keeps as many callers on the line as are wanted: whoever has talked enough hangs up, and another calls. */
export class CrowdOfCallers {
  readonly #all: ChaosCall[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Everybody who has ever called. */
  get all(): readonly ChaosCall[] {
    return this.#all;
  }

  begin(target: string, calls: number, seed: number): void {
    const draw = new Draw(seededRandom(seed));
    this.#timer = setInterval(() => {
      for (const call of this.#all) if (call.isDone) call.phone.hangUp();
      if (this.#all.filter(({ isOver }) => !isOver).length >= calls) return;
      const digits = `${digitsMin + this.#all.length}`;
      this.#all.push(new ChaosCall(target, digits, draw.int(talkMs.min, talkMs.max), draw.int(1, 1_000_000_000)));
    }, lookMs);
  }

  /** Everybody hangs up. Resolves when the phone network has no more to do, or cannot. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    for (const { phone } of this.#all) phone.hangUp();
    await within(Promise.allSettled(this.#all.map(({ phone }) => phone.ended)), settledMsMax);
  }
}
