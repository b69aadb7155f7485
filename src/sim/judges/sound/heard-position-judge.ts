import type { CallEffect } from '../../../call/effects.ts';
import type { CallEvent } from '../../../call/events.ts';
import type { AudioTally } from '../../../call/talk/audio-tally.ts';
import type { FaultPlan } from '../../faults/fault-plan.ts';

const bytesPerMs = 8;

/** The call must know within this where the caller's ear is, in ms. */
const errorMsMax = 40;

/**
 * Judges where the call believes the caller's ear to be against what the phone network has played, at every step. It rests on a line that
 * stands still or loses marks, where nobody can know; until the first mark has told how far away the phone network is, and of what was
 * cleared before that; and from a clear on until that has got there, because the call counts what is played until then at once.
 *
 * On a line that jitters, and by a process that is late, a mark tells the time only so well. What a clear takes back is reckoned from it, and
 * nothing sets that right later, so that each clear may add as much.
 */
export class HeardPositionJudge {
  readonly #rests: boolean;
  readonly #wayMs: number;
  /** How far off a mark may be in ms, by the jitter of the line and the lateness of the process. */
  readonly #markErrorMs: number;
  #knowsTheWay = false;
  /** Whether sound was cleared before that. */
  #clearedUnknowing = false;
  #markedBytes = 0;
  #clears = 0;
  #restsUntilMs = 0;
  /** How much more was played than the call could know of, in bytes: before the stream began, and before the way was known. */
  #unknownBytes = 0;
  #isBroken = false;

  constructor(faults: FaultPlan) {
    const links = [faults.link('media', 'In'), faults.link('media', 'Out')];
    const jitterMs = Math.max(...links.map((link) => link.jitterMs));
    this.#rests =
      links.some(({ stalls }) => stalls.length > 0) || faults.has('marksLost', 'streamZombie') || faults.hasOutage;
    this.#markErrorMs = jitterMs + faults.lateMsMax;
    this.#wayMs = Math.max(...links.map(({ latencyMs }) => latencyMs)) + jitterMs + faults.lateMsMax;
  }

  /** The phone network's end of the stream is over, which the call learns later. */
  streamEnded(): void {
    this.#rest(Infinity);
  }

  /** One step of a call: what it believes that the caller has heard, and how much was played, in mu-law bytes. */
  step(
    event: CallEvent,
    effects: readonly CallEffect[],
    { heard, heardNow }: AudioTally['agent'],
    playedBytes: number,
  ): string[] {
    const isCleared = effects.some(({ type }) => type === 'stream.clear');
    // A mark of sound that was cleared tells nothing, and what a clear adds to what was heard is reckoned.
    if (event.type === 'stream.marked' && heard > this.#markedBytes && !isCleared) this.#learn(playedBytes - heardNow);
    this.#markedBytes = heard;
    if (event.type === 'stream.started') {
      this.#restsUntilMs = 0;
      this.#unknownBytes = playedBytes - heardNow;
    }
    for (const { type } of effects) if (type === 'stream.clear') this.#clear(event.atMs);
    if (effects.some(({ type }) => type === 'stream.close')) this.streamEnded();
    if (this.#rests || this.#isBroken || !this.#knowsTheWay || event.atMs <= this.#restsUntilMs) return [];
    const errorMs = (heardNow + this.#unknownBytes - playedBytes) / bytesPerMs;
    if (Math.abs(errorMs) <= errorMsMax + this.#markErrorMs * (1 + this.#clears)) return [];
    this.#isBroken = true;
    return [`the call believes the caller's ear ${Math.round(errorMs)} ms from where it is`];
  }

  /** A mark has told the way. */
  #learn(unknownBytes: number): void {
    if (!this.#knowsTheWay && this.#clearedUnknowing) this.#unknownBytes = unknownBytes;
    this.#knowsTheWay = true;
  }

  #clear(atMs: number): void {
    this.#clears += 1;
    this.#clearedUnknowing ||= !this.#knowsTheWay;
    this.#rest(atMs + this.#wayMs);
  }

  #rest(untilMs: number): void {
    this.#restsUntilMs = Math.max(this.#restsUntilMs, untilMs);
  }
}
