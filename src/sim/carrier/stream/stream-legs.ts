import type { CarrierStream, StreamReport } from './media-stream.ts';
import type { StreamLeg } from './stream-leg.ts';

/** The streams that a call has had, the newest last. */
export class StreamLegs {
  readonly #legs: StreamLeg[] = [];

  add(leg: StreamLeg): void {
    this.#legs.push(leg);
  }

  /** What happened on each of them up to `atMs`. */
  reports(atMs: number): StreamReport[] {
    return this.#streams.map((stream) => stream.report(atMs));
  }

  /** Audio of ours that the caller has heard by `atMs`, in bytes of mu-law. */
  playedBytes(atMs: number): number {
    return this.#streams.reduce((sum, stream) => sum + stream.playedBytes(atMs), 0);
  }

  get #streams(): CarrierStream[] {
    return this.#legs.flatMap(({ stream }) => stream ?? []);
  }
}
