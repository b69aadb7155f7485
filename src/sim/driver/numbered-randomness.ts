import type { Randomness } from '../../system/randomness.ts';

/** Randomness that is the same on every run: names are numbered. `fraction`: numbers from 0 to 1. */
export function numberedRandomness(fraction: () => number): Randomness {
  let names = 0;
  const name = (kind: string): string => {
    names += 1;
    return `${kind}-${names}`;
  };
  return { token: () => name('token'), uniqueId: () => name('id'), fraction };
}
