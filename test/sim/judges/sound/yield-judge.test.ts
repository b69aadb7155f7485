import { describe, expect, test } from 'vitest';
import type { CallEffect } from '../../../../src/call/effects.ts';
import type { CallEvent } from '../../../../src/call/events.ts';
import { YieldJudge } from '../../../../src/sim/judges/sound/yield-judge.ts';
import { mulawCodec } from '../../../../src/sounds/mulaw-codec.ts';

const [voice, silence] = [0x20, 0xff];

/** A judge, and a call whose agent has greeted. */
class Trial {
  readonly broken: string[] = [];
  readonly #judge = new YieldJudge(mulawCodec);
  #unheardBytes = 0;
  #playedBytes = 0;
  #isPlayed = true;
  #atMs = 0;

  /** The caller sends so many ms of sound, as frames of 20 ms: in time, or all at once. */
  sends(ms: number, code: number, atOnce = false): this {
    for (let sent = 0; sent < ms; sent += 20) {
      if (!atOnce) this.#atMs += 20;
      const audio = new Uint8Array(160).fill(code);
      this.#step({ type: 'stream.media', sequence: 1, timestampMs: 0, audio, atMs: this.#atMs });
    }
    return this;
  }

  agentSpeaks(): this {
    this.#unheardBytes = 8000;
    const pcm = new Uint8Array(0);
    return this.#step(
      { type: 'model.audio', pcm, atMs: this.#atMs },
      { type: 'stream.media', audio: new Uint8Array(8000) },
    );
  }

  comforts(): this {
    this.#unheardBytes = 8000;
    return this.#step({ type: 'tick', atMs: this.#atMs }, { type: 'stream.media', audio: new Uint8Array(8000) });
  }

  agentIsHeard(): this {
    this.#unheardBytes = 0;
    return this.#step({ type: 'stream.marked', name: 'g1.1', atMs: this.#atMs });
  }

  /** The phone network has played all that it was sent, and no mark of it comes back. */
  marksAreLost(): this {
    this.#isPlayed = false;
    return this;
  }

  agentYields(): this {
    this.#unheardBytes = 0;
    return this.#step({ type: 'model.interrupted', atMs: this.#atMs }, { type: 'stream.clear' });
  }

  agentLeaves(): this {
    return this.#step({ type: 'tick', atMs: this.#atMs }, { type: 'note', level: 'info', name: 'leaving', fields: {} });
  }

  #step(event: CallEvent, ...effects: CallEffect[]): this {
    const queued = this.#unheardBytes;
    if (this.#isPlayed) this.#playedBytes += queued / 100;
    const tally = { sent: 800, heard: 0, heardNow: 800, cleared: 0, waiting: 800, queued, dropped: 0 };
    this.broken.push(...this.#judge.step(event, effects, tally, this.#playedBytes));
    return this;
  }
}

function greeted(): Trial {
  return new Trial().sends(400, silence).agentSpeaks().agentIsHeard();
}

describe('a judge of yielding', () => {
  test('objects to an agent that speaks on, once', () => {
    const trial = greeted().agentSpeaks().sends(980, voice);
    expect(trial.broken).toEqual([]);
    expect(trial.sends(500, voice).broken).toEqual(['the agent spoke on over a caller who had spoken for 1000 ms']);
  });

  test('counts a word that goes on after a short pause, and no others', () => {
    expect(greeted().agentSpeaks().sends(600, voice).sends(280, silence).sends(400, voice).broken).toHaveLength(1);
    expect(greeted().agentSpeaks().sends(600, voice).sends(300, silence).sends(600, voice).broken).toEqual([]);
  });

  test('gives the agent time when a second of the caller comes at once', () => {
    const trial = greeted().agentSpeaks().sends(2000, voice, true);
    expect(trial.broken).toEqual([]);
    expect(trial.sends(980, voice).broken).toHaveLength(1);
  });

  test.for([
    ['who yields', (trial: Trial) => trial.agentSpeaks().sends(900, voice).agentYields().sends(2000, voice)],
    ['who has been heard', (trial: Trial) => trial.agentSpeaks().sends(900, voice).agentIsHeard().sends(2000, voice)],
    ['who began while the caller spoke', (trial: Trial) => trial.sends(100, voice).agentSpeaks().sends(2000, voice)],
    ['who only sounds a tone', (trial: Trial) => trial.comforts().sends(2000, voice)],
    [
      'whose marks are lost',
      (trial: Trial) => trial.agentSpeaks().sends(400, silence).marksAreLost().sends(2000, voice),
    ],
    ['who leaves', (trial: Trial) => trial.agentSpeaks().agentLeaves().sends(2000, voice)],
  ] as const)('has nothing against an agent %s', ([, play]) => {
    expect(play(greeted()).broken).toEqual([]);
  });

  test('lets a greeting be heard out, and takes the first words after it for a reply', () => {
    const trial = new Trial().sends(400, silence).agentSpeaks().sends(2000, voice);
    expect(trial.broken).toEqual([]);
    expect(trial.agentYields().sends(400, silence).agentSpeaks().sends(1000, voice).broken).toHaveLength(1);
  });
});
