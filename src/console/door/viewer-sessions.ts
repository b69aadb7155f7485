import { createHash } from 'node:crypto';
import type { Clock, Timer } from '../../system/clock.ts';
import type { Randomness } from '../../system/randomness.ts';

/** Browsers that are logged in at the same time. The one that came first has to log in again when there are more. */
const sessionsMax = 100;

/** A working day. */
export const sessionSecondsMax = 12 * 60 * 60;

/** Enough to tell sessions apart in the log. */
const nameCharacters = 8;

/** One log-in. Streams and sockets that it opened end with it. */
export class ViewerSession {
  /** For the log. It says nothing of the id. */
  readonly name: string;
  /** Another process has let the viewer in, and asks for this one's own alone. */
  readonly isOfFleet: boolean;
  readonly #endings = new Set<() => void>();
  #isOver = false;

  constructor(name: string, isOfFleet = false) {
    this.name = name;
    this.isOfFleet = isOfFleet;
  }

  /** How many streams and sockets it has open. */
  get streams(): number {
    return this.#endings.size;
  }

  /** Calls `end` when the session ends, or at once if it has ended. Returns a function that forgets this. */
  onEnd(end: () => void): () => void {
    if (this.#isOver) end();
    else this.#endings.add(end);
    return () => void this.#endings.delete(end);
  }

  end(): void {
    this.#isOver = true;
    for (const end of this.#endings) end();
    this.#endings.clear();
  }
}

/** The log-ins of this process. */
export class ViewerSessions {
  readonly #clock: Clock;
  readonly #randomness: Randomness;
  /** By the id that the cookie holds, the oldest first. */
  readonly #open = new Map<string, { readonly session: ViewerSession; readonly timer: Timer }>();

  constructor(clock: Clock, randomness: Randomness) {
    this.#clock = clock;
    this.#randomness = randomness;
  }

  /** Opens a session and returns its id, which lets whoever has it in. */
  open(): string {
    const id = this.#randomness.token();
    const name = createHash('sha256').update(id).digest('hex').slice(0, nameCharacters);
    const timer = this.#clock.lazily(sessionSecondsMax * 1000, () => this.close(id));
    this.#open.set(id, { session: new ViewerSession(name), timer });
    const [oldest] = this.#open.keys();
    if (this.#open.size > sessionsMax && oldest !== undefined) this.close(oldest);
    return id;
  }

  /** How many streams and sockets all of them have open. */
  get streams(): number {
    return [...this.#open.values()].reduce((sum, { session }) => sum + session.streams, 0);
  }

  find(id: string): ViewerSession | null {
    return this.#open.get(id)?.session ?? null;
  }

  close(id: string): void {
    const entry = this.#open.get(id);
    this.#open.delete(id);
    entry?.timer.cancel();
    entry?.session.end();
  }

  closeAll(): void {
    for (const id of this.#open.keys()) this.close(id);
  }
}
