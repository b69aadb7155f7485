import { setTimeout as delay } from 'node:timers/promises';
import type { Draw } from '../../src/sim/seeds/draw.ts';
import { KillCaller } from './kill-caller.ts';
import type { Pitches } from './kill-pitch.ts';
import { within } from '../../src/system/within.ts';

/** How often the load is checked. */
const lookMs = 100;

/** So that not all calls begin at once. */
const placedAtOnce = 4;

/** How long it may take until all calls are there. Some begin at each check, and a busy machine needs longer. */
const fullMsMax = 10_000;

/** What is slower is not waited for: Twilio gives up after 15 s (TW-HOOK-2). */
const settledMsMax = 20_000;

/** How the telephone is used. */
export interface CallLoadOptions {
  readonly target: string;
  readonly calls: number;
  readonly pitches: Pitches;
  /** How long callers talk, in ms. */
  readonly talkMs: { readonly min: number; readonly max: number };
  readonly draw: Draw;
}

/** Keeps as many callers on the line as are wanted: whoever has talked enough hangs up, and another calls. */
export class CallLoad {
  /** Everybody who has ever called. */
  readonly all: KillCaller[] = [];
  /** Nobody calls while the service is down: such a call would prove nothing. */
  isUp = false;
  readonly #options: CallLoadOptions;
  readonly #timer: NodeJS.Timeout;

  constructor(options: CallLoadOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), lookMs);
  }

  /** The callers whose calls Parley has. */
  get live(): readonly KillCaller[] {
    return this.all.filter(({ isLive }) => isLive);
  }

  /** Resolves when there are so many calls, or when that takes too long. */
  async full(calls: number): Promise<void> {
    const untilMs = performance.now() + fullMsMax;
    while (this.live.length < calls && performance.now() < untilMs) await delay(lookMs);
  }

  /** The callers that Twilio has given up since the last kill and that are not counted yet. */
  get givenUp(): readonly KillCaller[] {
    return this.all.filter(({ interruption }) => interruption?.kind === 'givenUp');
  }

  /** Everybody hangs up. Resolves when Twilio has said so everywhere, or cannot. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    for (const caller of this.all) caller.hangUp();
    await within(Promise.all(this.all.map(({ settled }) => settled)), settledMsMax);
  }

  #look(): void {
    for (const caller of this.all) if (caller.isDone) caller.hangUp();
    if (!this.isUp) return;
    const present = this.all.filter(({ isOver }) => !isOver);
    const wanted = Math.min(placedAtOnce, this.#options.calls - present.length);
    for (let placed = 0; placed < wanted; placed += 1) this.#place();
  }

  #place(): void {
    const { target, pitches, talkMs, draw } = this.#options;
    // Tones go round, so that none comes again while the session of its last caller is still looked at.
    const slot = this.all.length % pitches.length;
    const talks = draw.int(talkMs.min, talkMs.max);
    this.all.push(new KillCaller(target, slot, pitches[slot] ?? 0, talks, draw.int(1, 1_000_000_000)));
  }
}
