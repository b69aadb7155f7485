import { randomBytes, randomUUID } from 'node:crypto';

/** Randomness, as the driver gives it. */
export interface Randomness {
  /** A secret for one use; safe in a URL. */
  readonly token: () => string;
  /** A name that is used only once. */
  readonly uniqueId: () => string;
  /** 0 to 1. */
  readonly fraction: () => number;
}

/** The randomness of the machine. */
export const systemRandomness: Randomness = {
  token: () => randomBytes(24).toString('base64url'),
  uniqueId: randomUUID,
  fraction: Math.random,
};
