import { meanSquare, speechMeanSquareMin } from '../../audio/level.ts';
import { mulawBytesPerMs, type MulawCodec } from '../../audio/mulaw.ts';
import type { CallEffect } from '../../call/effects.ts';
import type { CallEvent } from '../../call/events.ts';
import type { AudioTally } from '../../call/talk/audio-tally.ts';

/** A caller who has spoken over the agent for so long wants to be heard. */
const yieldMsMax = 1_000;

/** A pause of this length ends what a caller says. */
const pauseMs = 300;

/**
 * Judges whether the agent yields to a caller who speaks over it. Counted is the caller's sound as it comes to the call, so it does not
 * matter how late it comes. A greeting may be heard out, and so may what the agent says once it is decided that it leaves.
 */
export class YieldJudge {
  readonly #codec: MulawCodec;
  #hasGreeted = false;
  #isLeaving = false;
  /** Whether the caller has words of the agent to hear. */
  #wordsWait = false;
  /** How much the caller has spoken over them on end, and has paused since. Whoever spoke when they began has not interrupted them. */
  #overMs = 0;
  #quietMs = pauseMs;
  #spokeBefore = false;
  #isBroken = false;

  constructor(codec: MulawCodec) {
    this.#codec = codec;
  }

  /** Looks at one step of a call. Returns what does not hold, in words. */
  step(event: CallEvent, effects: readonly CallEffect[], { waiting }: AudioTally['agent']): readonly string[] {
    if (event.type === 'stream.started') this.#begin();
    if (event.type === 'stream.media') this.#hear(event.audio);
    for (const effect of effects) this.#follow(effect, event);
    if (waiting === 0) this.#wordsEnd();
    if (!this.#wordsWait || !this.#hasGreeted || this.#isLeaving || this.#spokeBefore) this.#overMs = 0;
    if (this.#overMs < yieldMsMax || this.#isBroken) return [];
    this.#isBroken = true;
    return [`the agent spoke on over a caller who had spoken for ${this.#overMs} ms`];
  }

  /** The caller is on another stream, perhaps back from somebody else. */
  #begin(): void {
    this.#hasGreeted = false;
    this.#isLeaving = false;
    this.#wordsWait = false;
  }

  #hear(audio: Uint8Array): void {
    const ms = audio.length / mulawBytesPerMs;
    const isVoice = meanSquare(audio, this.#codec) >= speechMeanSquareMin;
    this.#quietMs = isVoice ? 0 : this.#quietMs + ms;
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

  #follow(effect: CallEffect, event: CallEvent): void {
    if (effect.type === 'stream.media' && event.type === 'model.audio') this.#wordsBegin();
    if (effect.type === 'stream.clear') this.#wordsEnd();
    if (effect.type === 'note' && effect.name === 'leaving') this.#isLeaving = true;
  }
}
