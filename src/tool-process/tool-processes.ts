import type { Clock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import { ReloadingLane, type TakeTools } from './reload/reloading-lane.ts';
import { type LaneLimits, type LaneParts, type OpenedLane, ToolLane } from './tool-lane.ts';
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
  /** From here on, when files of a folder change, all tools that there are then are handed on. To be called once. */
  readonly watch: (take: TakeTools) => void;
  /** Ends them. Never rejects. */
  readonly close: () => Promise<void>;
}

/** Starts all processes that something is declared for, at the same time. */
export async function openToolProcesses({ sources, ...means }: ProcessParts): Promise<ToolProcesses> {
  const lanes = [...sources]
    .filter(([, wanted]) => wanted.length > 0)
    .map(([name, wanted]) => laneOf({ name, sources: wanted, ...means }));
  const opened = await Promise.all(lanes.map(async (lane) => lane.open()));
  const tools = opened.map((each) => each.tools);
  return {
    tools: tools.flat(),
    warnings: opened.flatMap(({ warnings }) => warnings),
    problems: opened.flatMap(({ problems }) => problems),
    watch(take) {
      for (const [index, lane] of lanes.entries()) {
        if (!(lane instanceof ReloadingLane)) continue;
        lane.watch((next) => {
          const problems = take(tools.with(index, next).flat());
          if (problems.length === 0) tools[index] = next;
          return problems;
        });
      }
    },
    close: async () => {
      await Promise.all(lanes.map(async (lane) => lane.close()));
    },
  };
}

function laneOf(parts: LaneParts): ToolLane | ReloadingLane {
  const [source] = parts.sources;
  return source?.type === 'folder' ? new ReloadingLane(parts, source.folder) : new ToolLane(parts);
}
