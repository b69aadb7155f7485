import { comfortSoundOf } from '../../audio/audio-path.ts';
import type { CallObserver } from '../../call/call-observer.ts';
import type { CallWaits } from '../../calllog/story/call-waits.ts';
import type { CallSource } from '../../host/call-registry.ts';
import type { ObservedCall } from '../../host/observed-call.ts';
import { CallPicture } from './picture/call-picture.ts';
import { DayCounter, type DayCounts } from './day-counts.ts';
import { SoundTaps } from './picture/sound-taps.ts';

/** Calls that have just ended stay in sight. */
const endedMax = 10;

/** What the pictures of live calls are drawn with. */
export interface LiveCallsParts {
  readonly sourceOf: (callSid: string) => CallSource;
  /** What was turned away since the service started, by the reason. */
  readonly refused: () => ReadonlyMap<string, number>;
  /** Unix time in ms. */
  readonly unixMs: () => number;
}

/** A call that is watched, and those who listen to it. */
export interface WatchedCall {
  readonly picture: CallPicture;
  readonly taps: SoundTaps;
}

/** The calls of this process as an operator sees them: the live ones, and those that have just ended. */
export class LiveCalls {
  readonly #parts: LiveCallsParts;
  readonly #day: DayCounter;
  readonly #live = new Map<string, WatchedCall>();
  #ended: readonly WatchedCall[] = [];

  constructor(parts: LiveCallsParts) {
    this.#parts = parts;
    this.#day = new DayCounter(parts.unixMs, parts.refused);
  }

  get live(): readonly CallPicture[] {
    return [...this.#live.values()].map(({ picture }) => picture);
  }

  /** The newest first. */
  get ended(): readonly CallPicture[] {
    return this.#ended.map(({ picture }) => picture);
  }

  get day(): DayCounts {
    return this.#day.counts;
  }

  get modelSessions(): number {
    return this.live.filter(({ hasSession }) => hasSession).length;
  }

  /** A call that is live or has just ended. */
  find(callSid: string): WatchedCall | null {
    const ended = this.#ended.find(({ picture }) => picture.row.callSid === callSid);
    return this.#live.get(callSid) ?? ended ?? null;
  }

  /** Begins the picture of a call. `waits` sees each step before the picture does. */
  observe({ callSid, parties, agent, audioPath, cost }: ObservedCall, waits: CallWaits): CallObserver {
    const { sourceOf, unixMs } = this.#parts;
    const { comfortSounds } = audioPath;
    const taps = new SoundTaps();
    const picture = new CallPicture({
      ...parties,
      callSid,
      agent,
      source: sourceOf(callSid),
      waits,
      taps,
      unixMs,
      isComfort: (audio) => comfortSoundOf(comfortSounds, audio) !== null,
      cost: () => cost.sum,
      onEnd: () => this.#end(callSid, call),
    });
    const call = { picture, taps };
    this.#live.set(callSid, call);
    this.#day.began();
    return picture;
  }

  #end(callSid: string, call: WatchedCall): void {
    if (this.#live.get(callSid) === call) this.#live.delete(callSid);
    this.#ended = [call, ...this.#ended].slice(0, endedMax);
    const { outcome } = call.picture;
    if (outcome !== null) this.#day.ended(outcome);
  }
}
