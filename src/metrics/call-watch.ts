import type { AudioPath } from '../audio/audio-path.ts';
import type { CallEnding, CallObserver } from '../call/call-observer.ts';
import type { CallEffect } from '../call/effects.ts';
import type { CallEvent } from '../call/events.ts';
import { CallTurns, type TurnNews } from './call-turns.ts';
import { type ModelRunNews, ModelRuns } from './model-runs.ts';
import { type ToolRunNews, ToolRuns } from './tool-runs.ts';

/** What a step of a call means beyond itself. Most steps bring no news. */
export interface StepNews {
  readonly turns: readonly TurnNews[];
  readonly sessions: readonly ModelRunNews[];
  readonly tools: readonly ToolRunNews[];
}

/** Takes the steps of a call together with what they mean. */
export interface CallWatcher {
  take(event: CallEvent, effects: readonly CallEffect[], tookMs: number, news: StepNews): void;
  /** Nothing more comes. What was open has ended with `news`. */
  close(ending: CallEnding, news: StepNews): void;
}

/** Finds out once, for all who watch a call, what its steps mean: the level of each frame is measured for it. */
export class CallWatch implements CallObserver {
  readonly #watchers: readonly CallWatcher[];
  readonly #turns: CallTurns;
  readonly #sessions = new ModelRuns();
  readonly #tools = new ToolRuns();
  #atMs = 0;

  constructor({ codec, comfortSounds }: Pick<AudioPath, 'codec' | 'comfortSounds'>, watchers: readonly CallWatcher[]) {
    this.#watchers = watchers;
    this.#turns = new CallTurns(codec, comfortSounds);
  }

  write(event: CallEvent, effects: readonly CallEffect[], tookMs: number): void {
    this.#atMs = event.atMs;
    const news = this.#newsOf(event, effects);
    for (const watcher of this.#watchers) watcher.take(event, effects, tookMs, news);
  }

  close(ending: CallEnding): void {
    const news = { turns: [], sessions: this.#sessions.close(this.#atMs), tools: this.#tools.close(this.#atMs) };
    for (const watcher of this.#watchers) watcher.close(ending, news);
  }

  /** Nearly every step is a piece of sound that passes through, or a mark that comes back. */
  #newsOf(event: CallEvent, effects: readonly CallEffect[]): StepNews {
    if (event.type === 'stream.media') {
      this.#turns.heard(event.audio, event.atMs);
      if (effects.every(isSentAudio)) return nothingNew;
    }
    const turns = this.#turns.take(event, effects);
    const isSound = event.type === 'model.audio' || event.type === 'stream.marked' || event.type === 'stream.media';
    if (isSound && turns.length === 0 && effects.every(isPlayedOrSent)) return nothingNew;
    return { turns, sessions: this.#sessions.take(event, effects), tools: this.#tools.take(event, effects) };
  }
}

/** What a step brings that only passes sound on. */
export const nothingNew: StepNews = { turns: [], sessions: [], tools: [] };

function isSentAudio({ type }: CallEffect): boolean {
  return type === 'model.sendAudio';
}

function isPlayedOrSent({ type }: CallEffect): boolean {
  return type === 'model.sendAudio' || type === 'stream.media' || type === 'stream.mark';
}
