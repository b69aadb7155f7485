import type { NextRandom } from '../../seeded-random.ts';
import type { ServerContent } from '../protocol/server-message.ts';
import type { TurnTaking } from '../script/turn-taking.ts';
import type { PlannedMessage } from './speech-plan.ts';

/** What of a sentence has not been sent; `beganAtMs` is when its first message was. */
export interface UnsentSpeech {
  readonly beganAtMs: number;
  readonly planned: readonly PlannedMessage[];
}

const randomRange = 2 ** 32;

/** Audio of a cut turn that still comes after `interrupted`, as fast as it would have come (GM-TURN-4). */
export class LateAudio {
  readonly #shares: TurnTaking['lateAudio'];
  readonly #nextRandom: NextRandom;
  #unsent: UnsentSpeech = { beganAtMs: 0, planned: [] };
  /** How many of it have been sent late. */
  #sent = 0;
  #untilMs = -Infinity;

  constructor(shares: TurnTaking['lateAudio'], nextRandom: NextRandom) {
    this.#shares = shares;
    this.#nextRandom = nextRandom;
  }

  /** A turn was cut at `atMs`. */
  begin(unsent: UnsentSpeech, atMs: number): void {
    this.#unsent = unsent;
    this.#sent = 0;
    this.#untilMs = atMs + lastingMs(this.#shares, this.#nextRandom() / randomRange);
  }

  /** The next turn has begun: nothing of the old one follows. */
  stop(): void {
    this.#untilMs = -Infinity;
  }

  nextDeadline(): number | null {
    const { beganAtMs, planned } = this.#unsent;
    const dueMs = beganAtMs + (planned[this.#sent]?.afterMs ?? Infinity);
    return dueMs <= this.#untilMs ? dueMs : null;
  }

  /** The next message that is due, or null. */
  next(atMs: number): ServerContent | null {
    const dueMs = this.nextDeadline();
    if (dueMs === null || dueMs > atMs) return null;
    this.#sent += 1;
    return this.#unsent.planned[this.#sent - 1]?.content ?? null;
  }
}

/** The time below which `share` of all times lie, in ms: straight lines between what is given, and no end beyond it. */
function lastingMs(shares: TurnTaking['lateAudio'], share: number): number {
  let [fromShare, fromMs] = [0, 0];
  for (const [toShare, toMs] of shares) {
    if (share <= toShare) return fromMs + ((share - fromShare) / (toShare - fromShare)) * (toMs - fromMs);
    [fromShare, fromMs] = [toShare, toMs];
  }
  return Infinity;
}
