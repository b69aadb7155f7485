import type { Clock, Timer } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import { eventBytes } from '../door/event-stream.ts';

/** Four times a second is as often as an eye can read. */
const feedMs = 250;

/** Writes take their time: after so many, frames of calls that came meanwhile go first. */
const viewersAtOnce = 10;

/** What is watched, as JSON. */
export interface FeedSource {
  /** All of it. */
  snapshot(): string;
  /** What has changed since this was asked last; null when nothing has. */
  change(): string | null;
}

/** Somebody who watches. */
export interface FeedViewer {
  /** Takes an event as it is sent: `all` of it at first, then each `change`. */
  sendBytes(event: Uint8Array): void;
  /** Sends them away. A browser comes back by itself. */
  close(): void;
}

/** Tells everybody who watches the same thing what changes of it. A change is written once for all, and nothing is done while nobody looks. */
export class Feed {
  readonly #clock: Clock;
  readonly #source: FeedSource;
  readonly #log: Logger;
  readonly #viewers = new Set<FeedViewer>();
  #timer: Timer | null = null;
  #isRenewed = false;

  constructor(clock: Clock, source: FeedSource, log: Logger) {
    this.#clock = clock;
    this.#source = source;
    this.#log = log;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Shows somebody all of it, and then what changes. Returns what ends that. */
  add(viewer: FeedViewer): () => void {
    // What happened while nobody looked is in the snapshot.
    if (this.#viewers.size === 0) this.#source.change();
    viewer.sendBytes(eventBytes('all', this.#source.snapshot()));
    this.#viewers.add(viewer);
    this.#timer ??= this.#clock.lazily(feedMs, () => this.#tell());
    return () => this.#remove(viewer);
  }

  /** Has everybody shown all of it anew, because what has changed is more than the source tells. */
  renew(): void {
    this.#isRenewed = true;
  }

  #remove(viewer: FeedViewer): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size > 0) return;
    this.#timer?.cancel();
    this.#timer = null;
  }

  #tell(): void {
    this.#timer = this.#clock.lazily(feedMs, () => this.#tell());
    try {
      const json = this.#source.change();
      if (this.#isRenewed) this.#send([...this.#viewers], eventBytes('all', this.#source.snapshot()));
      else if (json !== null) this.#send([...this.#viewers], eventBytes('change', json));
      this.#isRenewed = false;
    } catch (error) {
      // Nobody else would catch it, and the calls of this process do not pay for it.
      this.#log.error({ err: error }, 'viewerFeedFailed');
      for (const viewer of this.#viewers) viewer.close();
    }
  }

  #send(viewers: readonly FeedViewer[], event: Uint8Array): void {
    for (const viewer of viewers.slice(0, viewersAtOnce)) if (this.#viewers.has(viewer)) viewer.sendBytes(event);
    const others = viewers.slice(viewersAtOnce);
    if (others.length > 0) this.#clock.lazily(0, () => this.#send(others, event));
  }
}
