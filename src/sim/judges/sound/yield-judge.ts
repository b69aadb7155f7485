import { meanSquare, speechMeanSquareMin } from '../../../audio/level.ts';
import { mulawBytesPerMs, type MulawCodec } from '../../../audio/mulaw.ts';
import type { CallEffect } from '../../../call/effects.ts';
import type { CallEvent } from '../../../call/events.ts';
import type { AudioTally } from '../../../call/talk/audio-tally.ts';

/** A caller who has spoken over the agent for so long wants to be heard. Sound that comes all at once has not been there for so long. */
const yieldMsMax = 1_000;

/** A pause of this length ends what a caller or the agent says. */
const pauseMs = 300;

/**
 * Judges whether the agent yields to a caller who speaks over it, whatever the model does. Counted is the caller's sound as it
 * comes to the call, while the phone network plays. A greeting may be heard out, and so may what the agent says once it is decided that it
 * leaves.
 */
export class YieldJudge {
  readonly #codec: MulawCodec;
  #hasGreeted = false;
  #isLeaving = false;
  /** Whether the caller has words of the agent to hear. */
  #wordsWait = false;
  /** How much the caller has spoken over them on end, and has paused since. Whoever spoke when they began has not interrupted them. */
  #overMs = 0;
  #overSinceMs = 0;
  #quietMs = pauseMs;
  /** What the phone network had played, and since when it has played no more. */
  #playedBytes = 0;
  #playedAtMs = -Infinity;
  #spokeBefore = false;
  #isBroken = false;

  constructor(codec: MulawCodec) {
    this.#codec = codec;
  }

  /** Looks at one step of a call, and what the phone network has played by then. Returns what does not hold, in words. */
  step(
    event: CallEvent,
    effects: readonly CallEffect[],
    agent: AudioTally['agent'],
    playedBytes: number,
  ): readonly string[] {
    if (playedBytes !== this.#playedBytes) this.#playedAtMs = event.atMs;
    this.#playedBytes = playedBytes;
    if (event.type === 'stream.started') this.#begin();
    if (event.type === 'stream.media') this.#hear(event.audio, event.atMs);
    this.#isLeaving ||= effects.some((effect) => effect.type === 'note' && effect.name === 'leaving');
    const unheardBytes = agent.sent - agent.cleared - agent.heardNow + agent.queued;
    if (unheardBytes <= 0) this.#wordsEnd();
    else if (event.type === 'model.audio') this.#wordsBegin();
    // Sound whose marks are lost counts as unheard long after it was played.
    if (!this.#isJudged || event.atMs - this.#playedAtMs >= pauseMs) this.#overMs = 0;
    const sinceMs = event.atMs - this.#overSinceMs;
    if (Math.min(this.#overMs, sinceMs) < yieldMsMax || this.#isBroken) return [];
    this.#isBroken = true;
    return [`the agent spoke on over a caller who had spoken for ${this.#overMs} ms`];
  }

  get #isJudged(): boolean {
    return this.#wordsWait && this.#hasGreeted && !this.#isLeaving && !this.#spokeBefore;
  }

  /** The caller is on another stream, perhaps back from somebody else. */
  #begin(): void {
    this.#hasGreeted = false;
    this.#isLeaving = false;
    this.#wordsWait = false;
  }

  #hear(audio: Uint8Array, atMs: number): void {
    const ms = audio.length / mulawBytesPerMs;
    const isVoice = meanSquare(audio, this.#codec) >= speechMeanSquareMin;
    this.#quietMs = isVoice ? 0 : this.#quietMs + ms;
    if (isVoice && this.#overMs === 0) this.#overSinceMs = atMs - ms;
    if (isVoice) this.#overMs += ms;
    if (this.#quietMs < pauseMs) return;
    this.#overMs = 0;
    this.#spokeBefore = false;
  }

  #wordsBegin(): void {
    if (this.#wordsWait) return;
    this.#wordsWait = true;
    this.#spokeBefore = this.#quietMs < pauseMs;
  }

  #wordsEnd(): void {
    this.#hasGreeted ||= this.#wordsWait;
    this.#wordsWait = false;
  }
}
