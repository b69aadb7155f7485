import type { Clock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import { type Offer, type TakeOffer, ToolGroup, type ToolsPlace } from './reload/tool-group.ts';
import type { LaneLimits, OpenedLane } from './tool-lane.ts';

/** What tool processes are made of. A process for which nothing is declared is not started. */
interface ProcessParts {
  readonly places: readonly ToolsPlace[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits?: LaneLimits;
}

/** Tool processes, and what there is in them. */
export interface ToolProcesses extends OpenedLane, Offer {
  /** From here on, when a place declares something else or a process offers other tools, all that there is then is handed on. To be called once. */
  readonly watch: (take: TakeOffer) => void;
  /** Ends them. Never rejects. */
  readonly close: () => Promise<void>;
}

/** Opens what is declared in all places, at the same time. */
export async function openToolProcesses({ places, ...means }: ProcessParts): Promise<ToolProcesses> {
  const groups = places.map((place) => new ToolGroup({ place, ...means }));
  const opened = await Promise.all(groups.map(async (group) => group.open()));
  const offers = groups.map(({ offer }) => offer);
  return {
    ...joined(offers),
    warnings: opened.flatMap(({ warnings }) => warnings),
    problems: opened.flatMap(({ problems }) => problems),
    watch(take) {
      for (const [index, group] of groups.entries()) {
        group.watch((next) => {
          const problems = take(joined(offers.with(index, next)));
          if (problems.length === 0) offers[index] = next;
          return problems;
        });
      }
    },
    close: async () => {
      await Promise.all(groups.map(async (group) => group.close()));
    },
  };
}

function joined(offers: readonly Offer[]): Offer {
  return {
    tools: offers.flatMap(({ tools }) => tools),
    names: offers.flatMap(({ names }) => names),
    searches: offers.flatMap(({ searches }) => searches),
  };
}
