/**
 * What waits for the end of a turn of the event loop. By then all was read that had arrived when the turn began, on every connection. What
 * follows from it is done in one go, for all calls: that takes an eighth less of the processor than to do it between one read and the next.
 */
export class TurnEnd {
  readonly #atEnd: (run: () => void) => void;
  readonly #run = (): void => this.#ends();
  readonly #read = new Batch();
  readonly #behind = new Batch();
  #isAwaited = false;

  /** `atEnd`: runs something when the connections that are ready have been read. */
  constructor(atEnd: (run: () => void) => void) {
    this.#atEnd = atEnd;
  }

  /** Something was read, and is handled by this. */
  handle(handle: () => void): void {
    this.#read.add(handle);
    this.#await();
  }

  /** Calls back behind all that was read. */
  after(fire: () => void): void {
    this.#behind.add(fire);
    this.#await();
  }

  #await(): void {
    if (this.#isAwaited) return;
    this.#isAwaited = true;
    this.#atEnd(this.#run);
  }

  #ends(): void {
    this.#isAwaited = false;
    try {
      this.#read.run();
    } finally {
      this.#behind.run();
    }
  }
}

/** Callbacks that run together. Their two lists are emptied and never replaced: one that has become old would be garbage for long. */
class Batch {
  #waiting: (() => void)[] = [];
  #running: (() => void)[] = [];

  add(callBack: () => void): void {
    this.#waiting.push(callBack);
  }

  /** Runs those that wait; what is added meanwhile waits for the next time. Throws what the first of them has thrown, when all have run. */
  run(): void {
    let failure: { readonly error: unknown } | null = null;
    [this.#waiting, this.#running] = [this.#running, this.#waiting];
    for (const callBack of this.#running) {
      try {
        callBack();
      } catch (error) {
        failure ??= { error };
      }
    }
    while (this.#running.length > 0) this.#running.pop();
    if (failure !== null) throw failure.error;
  }
}
