import type { Clock } from '../../system/clock.ts';

export type StopSignal = 'SIGTERM' | 'SIGINT';

/** Ctrl+C goes to `npm start` and to Parley at once, and npm hands it on as well. What comes within this time is the same wish. */
const sameWishMs = 1_000;

/** A process as far as it can be told to stop. */
export interface StoppableProcess {
  on(signal: StopSignal, told: () => void): unknown;
  /** Ends it as the system does with a signal that nobody takes. */
  endBy(signal: StopSignal): void;
}

/** This process. */
export const thisProcess: StoppableProcess = {
  on: (signal, told) => process.on(signal, told),
  endBy(signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // The first process of a container is not ended by that.
    process.exit(1);
  },
};

/** Calls `stop` with the first signal that tells the process to stop. One that comes a second later or more ends the process at once. */
export function onStopSignal(told: StoppableProcess, clock: Pick<Clock, 'lazily'>, stop: () => void): void {
  let isTold = false;
  let isAnotherWish = false;
  const takeFirst = (): void => {
    isTold = true;
    clock.lazily(sameWishMs, () => {
      isAnotherWish = true;
    });
    stop();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    told.on(signal, () => {
      if (!isTold) takeFirst();
      else if (isAnotherWish) told.endBy(signal);
    });
}
