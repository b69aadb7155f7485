import type { Draw } from './draw.ts';
import type { DialogueFault } from './dialogue-fault.ts';
import { lineFaults } from './line-faults.ts';
import { sessionFaults } from './session-faults.ts';
import { turnFaults } from './turn-faults.ts';

/** Each fault that comes alone. */
export const dialogueFaults: readonly DialogueFault[] = [...sessionFaults, ...turnFaults, ...lineFaults];

/** Names of the mixtures: so many faults in one call. */
export const mixtures = [
  { name: 'two at random', count: 2 },
  { name: 'three at random', count: 3 },
] as const;

/** Different faults, in the order in which they come. */
export function mixture(draw: Draw, count: number): DialogueFault[] {
  const left = [...dialogueFaults];
  return Array.from({ length: count }, () => left.splice(draw.int(0, left.length - 1), 1)).flat();
}
