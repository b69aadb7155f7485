import { type AudioPath, comfortSoundOf } from '../../audio/audio-path.ts';
import type { CallObserver } from '../../call/call-observer.ts';
import type { CallEffect } from '../../call/effects.ts';
import type { CallEvent } from '../../call/events.ts';
import { CallerVoice } from '../caller-voice.ts';
import { AnswerWait } from './answer-wait.ts';

/** Answers whose waits are kept. A call of hours has fewer. */
const waitsMax = 2_000;

/** A wait that is over. */
export interface EndedWait {
  readonly waitMs: number;
}

/** Measures, while a call lasts, how long its caller waits for the first word of each answer: once, for all who tell of it. */
export class CallWaits implements CallObserver {
  readonly #comfortSounds: AudioPath['comfortSounds'];
  readonly #voice: CallerVoice;
  readonly #answerWait: AnswerWait;
  readonly #waitsMs: number[] = [];
  #last: EndedWait | null = null;

  constructor({ codec, comfortSounds }: AudioPath) {
    this.#comfortSounds = comfortSounds;
    this.#voice = new CallerVoice(codec);
    this.#answerWait = new AnswerWait(this.#voice);
  }

  /** Null when nothing was answered. */
  get figures(): { readonly count: number; readonly medianMs: number; readonly maxMs: number } | null {
    const sorted = this.#waitsMs.toSorted((a, b) => a - b);
    const [medianMs, maxMs] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
    return medianMs === undefined || maxMs === undefined ? null : { count: sorted.length, medianMs, maxMs };
  }

  /** The wait that ended last: an object of its own for each. */
  get last(): EndedWait | null {
    return this.#last;
  }

  /** When the caller was last heard to speak, in ms since the call began; -Infinity when never. */
  get spokeAtMs(): number {
    return this.#voice.spokeAtMs;
  }

  /** For how long the caller has waited for an answer at this time of the call; null when for none. */
  waitedMs(atMs: number): number | null {
    const { lastSpeechMs } = this.#voice;
    return lastSpeechMs === null ? null : atMs - lastSpeechMs;
  }

  write(event: CallEvent, effects: readonly CallEffect[]): void {
    if (event.type === 'stream.started') this.#voice.streamStarted();
    if (event.type === 'stream.media') this.#voice.heard(event.audio, event.timestampMs, event.atMs);
    this.#answerWait.happened(event);
    for (const effect of effects) this.#ordered(effect, event.atMs);
  }

  close(): void {}

  #ordered(effect: CallEffect, atMs: number): void {
    switch (effect.type) {
      case 'stream.media': {
        if (comfortSoundOf(this.#comfortSounds, effect.audio) !== null) return;
        const waitMs = this.#answerWait.spoken(atMs)?.waitMs ?? null;
        if (waitMs === null) return;
        this.#last = { waitMs };
        if (this.#waitsMs.length < waitsMax) this.#waitsMs.push(waitMs);
        return;
      }
      case 'stream.mark':
        return this.#answerWait.markSent(effect.name);
      case 'stream.clear':
      case 'stream.close':
        return this.#answerWait.cleared();
      case 'note':
        // Marks that never came back are given up.
        if (effect.name === 'marksLost') this.#answerWait.cleared();
        if (effect.name === 'agentTakenBack') this.#answerWait.takenBack();
        return;
      default:
    }
  }
}
