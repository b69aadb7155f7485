import type { CallRegistry, NoRoom } from '../../host/call-registry.ts';
import type { Problem } from '../live/problems.ts';

/** Whether new calls are taken, and what needs attention, in words. */
export interface Health {
  readonly ready: boolean;
  readonly liveCalls: number;
  readonly callsMax: number;
  /** Why no new call is taken, and what else is not as it should be; the gravest first. */
  readonly problems: readonly string[];
}

/** What health is read from. */
export interface HealthSources {
  readonly registry: Pick<CallRegistry, 'noRoom' | 'liveCount'>;
  readonly callsMax: number;
  /** What needs attention, as on the board. */
  readonly problems: () => readonly Pick<Problem, 'what' | 'remedy'>[];
}

/** Reads how the service is. */
export function healthOf({ registry, callsMax, problems: found }: HealthSources): Health {
  const { noRoom, liveCount: liveCalls } = registry;
  const problems = [
    ...(noRoom === null ? [] : [noRoomWords[noRoom](callsMax)]),
    ...found().map(({ what, remedy }) => `${what} ${remedy}`),
  ];
  return { ready: noRoom === null, liveCalls, callsMax, problems };
}

const noRoomWords: Readonly<Record<NoRoom, (callsMax: number) => string>> = {
  draining: () => 'Parley is stopping: it takes no new calls and waits for those that are live.',
  full: (callsMax) =>
    `All ${callsMax} calls that MAX_CONCURRENT_CALLS or CALLS_PER_PROCESS allows are live. Further callers are turned away.`,
  overloaded: () =>
    'The process is too busy to pass on sound in time. Further callers are turned away until it has recovered.',
};
