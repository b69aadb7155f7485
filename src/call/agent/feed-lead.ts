/**
 * How much the caller's phone network is sent ahead, in ms of sound. Networks stand still for up to half a second, and what was sent
 * before goes on playing meanwhile.
 */
const leadMs = 740;

/** How much longer than that it may become. */
const extraMsMax = 1_000;

/** A delay that is shorter is no reason for a longer lead. */
const seriousMs = 200;

/** How fast the lead falls again, in ms each second. */
const fallPerSecond = 10;

/** How far ahead of the caller's ear the agent's sound is sent. It grows where the network or this process stood still, and comes back. */
export class FeedLead {
  #extraMs = 0;
  #seenMs = 0;

  /** The lead at this moment, in ms of sound. */
  ms(nowMs: number): number {
    return leadMs + Math.max(0, this.#extraMs - ((nowMs - this.#seenMs) / 1_000) * fallPerSecond);
  }

  /** Something took so much longer than it should have. */
  delayed(byMs: number, nowMs: number): void {
    const extraMs = Math.min(extraMsMax, byMs);
    if (extraMs < seriousMs || extraMs <= this.ms(nowMs) - leadMs) return;
    this.#extraMs = extraMs;
    this.#seenMs = nowMs;
  }
}
