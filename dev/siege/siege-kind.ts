import type { SiegeGround } from './siege-ground.ts';

/** One kind of abuse. */
export interface SiegeKind {
  /** A few words with hyphens, for `--only`. */
  readonly name: string;
  /** Goes on until the ground says that the time is over. */
  readonly attack: (ground: SiegeGround) => Promise<void>;
}

/** Makes a table of kinds out of their names and what they do. */
export function siegeKinds(kinds: Readonly<Record<string, SiegeKind['attack']>>): readonly SiegeKind[] {
  return Object.entries(kinds).map(([name, attack]) => ({ name, attack }));
}
