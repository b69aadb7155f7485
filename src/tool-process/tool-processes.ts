import type { Clock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import { type LaneLimits, type OpenedLane, ToolLane } from './tool-lane.ts';
import type { ToolLaneName, ToolSource } from './tool-source.ts';

/** What tool processes are made of. A lane for which there are no sources is not started. */
export interface ProcessParts {
  readonly sources: ReadonlyMap<ToolLaneName, readonly ToolSource[]>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits?: LaneLimits;
}

/** Tool processes, and what there is in them. */
export interface ToolProcesses extends OpenedLane {
  /** Ends them. Never rejects. */
  readonly close: () => Promise<void>;
}

/** Starts all processes that something is declared for, at the same time. */
export async function openToolProcesses({ sources, ...means }: ProcessParts): Promise<ToolProcesses> {
  const lanes = [...sources]
    .filter(([, wanted]) => wanted.length > 0)
    .map(([name, wanted]) => new ToolLane({ name, sources: wanted, ...means }));
  const opened = await Promise.all(lanes.map(async (lane) => lane.open()));
  return {
    tools: opened.flatMap(({ tools }) => tools),
    warnings: opened.flatMap(({ warnings }) => warnings),
    problems: opened.flatMap(({ problems }) => problems),
    close: async () => {
      await Promise.all(lanes.map(async (lane) => lane.close()));
    },
  };
}
