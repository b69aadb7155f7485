import type { Draw } from './draw.ts';
import type { TalkFault } from './talk-fault.ts';
import { lineFaults } from './talk-line-faults.ts';
import { sessionFaults } from './talk-session-faults.ts';
import { turnFaults } from './talk-turn-faults.ts';

/** Each fault that strikes talks alone. */
export const talkFaults: readonly TalkFault[] = [...sessionFaults, ...turnFaults, ...lineFaults];

/** Names of the mixtures: so many faults in one call. */
export const mixtures = [
  { name: 'two at random', count: 2 },
  { name: 'three at random', count: 3 },
] as const;

/** Different faults, in the order in which they strike. */
export function mixture(draw: Draw, count: number): TalkFault[] {
  const left = [...talkFaults];
  return Array.from({ length: count }, () => left.splice(draw.int(0, left.length - 1), 1)).flat();
}
