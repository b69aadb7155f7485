import { isPause } from '../../../audio/level.ts';
import type { MulawCodec } from '../../../audio/mulaw.ts';
import type { CallEffect } from '../../../call/effects.ts';
import type { CallEvent } from '../../../call/events.ts';
import type { AudioTally } from '../../../call/talk/audio-tally.ts';
import type { FaultPlan } from '../../faults/fault-plan.ts';

const mulawBytesPerMs = 8;
const pcmBytesPerMs = 32;

/** The model has no less audio than the stream has time, but for this. */
const behindMsMax = 300;

/** After a pause of this length it has no more either, but for that, even if the network delivers late by as much as that. */
const pauseMs = 1_000;
const aheadMsMax = 300;
const lateMsMax = 500;

/** Twilio's clock was reset when its timestamps go further back, or on. */
const jumpMsMax = { back: 2_000, on: 60_000 };

/** A stretch of the caller's audio that one session hears. */
interface Stretch {
  /** What the model was sent beyond the timestamps, in ms. */
  aheadMs: number;
  /** Where the last frame ended, by its timestamp. */
  endMs: number;
  /** How much silence has come of the caller, since anything was sent in the place of frames. */
  quietMs: number;
  isBroken: boolean;
}

/** Judges whether the model hears all that the caller says, in an unbroken stream that is as long as the caller's (GM-VAD-2). */
export class CallerAudioJudge {
  readonly #codec: MulawCodec;
  /** How much of what was sent in the place of late frames need not be paid back after a single pause. */
  readonly #excusedMs: number;
  #receivedBytes = 0;
  #sentBytes = 0;
  #before: Pick<AudioTally['caller'], 'waiting' | 'filled' | 'resent'> = { waiting: 0, filled: 0, resent: 0 };
  #stretch: Stretch | null = null;
  #broken: string[] = [];

  constructor(faults: FaultPlan, codec: MulawCodec) {
    this.#codec = codec;
    const { stalls } = faults.link('media', 'In');
    // What a stall has held back may be held back once more.
    const burstMs = Math.max(0, ...faults.all('bursts').map(({ holdMs }) => holdMs));
    const busyMs = faults.all('serviceBusy').map((fault) => fault.busyMs);
    const heldMs = [...stalls.map(({ forMs }) => forMs + burstMs), ...busyMs];
    this.#excusedMs = heldMs.reduce((sum, ms) => sum + Math.max(0, ms - lateMsMax), 0);
  }

  /** Counts what a fresh service counts. It may have kept its tally, or not. */
  begin(event: CallEvent, tally: AudioTally['caller']): void {
    this.#receivedBytes = tally.received - (event.type === 'stream.media' ? event.audio.length : 0);
    this.#sentBytes = 4 * tally.forwarded;
    this.#stretch = null;
  }

  /** Looks at one step of a call, which ended before or not. `isHeard`: a session listens all the time. Returns what does not hold, in words. */
  step(
    event: CallEvent,
    effects: readonly CallEffect[],
    tally: AudioTally['caller'],
    { isHeard, hasEnded }: { readonly isHeard: boolean; readonly hasEnded: boolean },
  ): readonly string[] {
    this.#broken = [];
    let sentBytes = 0;
    for (const effect of effects) if (effect.type === 'model.sendAudio') sentBytes += effect.pcm.length;
    this.#sentBytes += sentBytes;
    if (event.type === 'stream.media') this.#receivedBytes += event.audio.length;
    this.#must(hasEnded || tally.received === this.#receivedBytes, 'audio of the caller was not taken');
    this.#must(this.#sentBytes >= 4 * tally.forwarded, 'audio of the caller was not passed on');
    if (!isHeard || event.type === 'stream.started') this.#stretch = null;
    if (this.#stretch !== null) {
      this.#stretch.aheadMs += this.#presentMs(event, sentBytes, tally);
      if (tally.filled > this.#before.filled) this.#stretch.quietMs = 0;
    }
    this.#before = tally;
    if (event.type === 'stream.media' && isHeard) this.#follow(event, sentBytes);
    return this.#broken;
  }

  /** How much of what was sent is of this moment. What was held until now, or is said once more, is said as fast as it can be. */
  #presentMs(event: CallEvent, sentBytes: number, { waiting, filled, resent }: AudioTally['caller']): number {
    const againMs = (resent - this.#before.resent) / mulawBytesPerMs;
    if (waiting >= this.#before.waiting) return sentBytes / pcmBytesPerMs - againMs;
    const frameBytes = event.type === 'stream.media' ? event.audio.length : 0;
    return (filled - this.#before.filled + frameBytes) / mulawBytesPerMs;
  }

  #follow({ timestampMs, audio }: Extract<CallEvent, { type: 'stream.media' }>, sentBytes: number): void {
    const isSilent = isPause(audio, this.#codec);
    this.#must(isSilent || sentBytes > 0, 'a frame of the caller did not reach the model');
    const frameMs = audio.length / mulawBytesPerMs;
    const endMs = timestampMs + frameMs;
    const stretch = this.#stretch;
    const tookMs = endMs - (stretch?.endMs ?? -Infinity);
    if (stretch === null || tookMs > jumpMsMax.on || tookMs < -jumpMsMax.back) {
      this.#stretch = { aheadMs: 0, endMs, quietMs: 0, isBroken: false };
      return;
    }
    stretch.endMs = endMs;
    stretch.aheadMs -= tookMs;
    stretch.quietMs = isSilent ? stretch.quietMs + frameMs : 0;
    const { aheadMs, quietMs } = stretch;
    const isTooMuch = quietMs >= pauseMs && aheadMs > aheadMsMax + this.#excusedMs;
    if (aheadMs >= -behindMsMax && !isTooMuch) return;
    const difference = isTooMuch ? `${Math.round(aheadMs)} ms more` : `${Math.round(-aheadMs)} ms less`;
    if (!stretch.isBroken) this.#must(false, `the model got ${difference} than the caller sent`);
    stretch.isBroken = true;
  }

  #must(holds: boolean, sentence: string): void {
    if (!holds) this.#broken.push(sentence);
  }
}
