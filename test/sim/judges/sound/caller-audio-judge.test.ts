import { describe, expect, test } from 'vitest';
import type { CallEffect } from '../../../../src/call/effects.ts';
import type { AudioTally } from '../../../../src/call/talk/audio-tally.ts';
import { FaultPlan } from '../../../../src/sim/faults/fault-plan.ts';
import { CallerAudioJudge } from '../../../../src/sim/judges/sound/caller-audio-judge.ts';
import { standardAudioPath } from '../../../../src/sounds/standard-audio-path.ts';

const none = { received: 0, forwarded: 0, replaced: 0, dropped: 0, waiting: 0, filled: 0, resent: 0 };

/** A judge, and a call that says of itself that it does all right. */
class Trial {
  readonly broken: string[] = [];
  readonly #judge: CallerAudioJudge;
  #timestampMs = 0;
  #tally: AudioTally['caller'] = none;

  constructor(faults = new FaultPlan([])) {
    this.#judge = new CallerAudioJudge(faults, standardAudioPath.codec);
  }

  /** The caller sends frames, and of each the model gets so much. */
  sends(count: number, code: number, sentMs = 20): this {
    for (let frame = 0; frame < count; frame += 1) {
      this.#timestampMs += 20;
      const audio = new Uint8Array(160).fill(code);
      this.#tally = { ...this.#tally, received: this.#tally.received + 160 };
      this.#step({ type: 'stream.media', sequence: 1, timestampMs: this.#timestampMs, audio, atMs: 0 }, sentMs);
    }
    return this;
  }

  /** The model gets silence in the place of frames. */
  fills(ms: number): this {
    this.#tally = { ...this.#tally, filled: this.#tally.filled + 8 * ms };
    return this.#step({ type: 'tick', atMs: 0 }, ms);
  }

  #step(event: Parameters<CallerAudioJudge['step']>[0], sentMs: number): this {
    const effects: CallEffect[] = [{ type: 'model.sendAudio', pcm: new Uint8Array(32 * sentMs) }];
    const state = { isHeard: true, hasEnded: false };
    this.broken.push(...this.#judge.step(event, sentMs === 0 ? [] : effects, this.#tally, state));
    return this;
  }
}

const [speech, silence] = [0x20, 0xff];

describe('a judge of what the model hears', () => {
  test('has nothing against a stream that is passed on', () => {
    expect(new Trial().sends(100, speech).sends(100, silence).broken).toEqual([]);
  });

  test('objects to a frame with speech that is left out', () => {
    expect(new Trial().sends(10, speech).sends(1, speech, 0).broken).toEqual([
      'a frame of the caller did not reach the model',
    ]);
  });

  test('objects to silence that is left out for nothing, once', () => {
    expect(new Trial().sends(10, speech).sends(30, silence, 0).broken).toEqual([
      'the model got 320 ms less than the caller sent',
    ]);
  });

  test('objects to silence that is not paid back in a pause of a second, once', () => {
    const paid = new Trial().sends(10, speech).fills(500).sends(30, silence).sends(20, silence, 0).sends(50, silence);
    const unpaid = new Trial().sends(10, speech).fills(500).sends(90, silence);
    expect(paid.broken).toEqual([]);
    expect(unpaid.broken).toEqual(['the model got 500 ms more than the caller sent']);
  });

  test('excuses what a standstill of more than half a second leaves', () => {
    const stalled = new FaultPlan([{ fault: 'stall', link: 'mediaIn', atMs: 0, forMs: 1_000 }]);
    expect(new Trial(stalled).sends(10, speech).fills(790).sends(90, silence).broken).toEqual([]);
    expect(new Trial(stalled).sends(10, speech).fills(810).sends(90, silence).broken).toHaveLength(1);
  });
});
