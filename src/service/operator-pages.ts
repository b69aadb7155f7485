import type { Config } from '../config/config.ts';
import type { ConsoleServer } from '../console/door/console-server.ts';
import type { FleetMember } from '../console/fleet/fleet-sites.ts';
import type { LiveCalls } from '../console/live/live-calls.ts';
import type { BrowserCalls } from '../console/phone/browser-calls.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Journal } from '../store/journal.ts';
import type { Logger } from '../system/logger.ts';
import type { CallAgents } from './agents/call-agents.ts';
import { browserCalls, browserPhone, type RunningService } from './browser-phone.ts';
import { keepLiveCalls } from './live-board.ts';
import { startConsole } from './start-console.ts';

/** What the pages show beside the calls. */
export interface PagesMeans {
  readonly agents: CallAgents;
  readonly isSimulated: boolean;
  /** What the agent is called: the model whose prices hold, or one that has none. */
  readonly agent: string;
  readonly journal: Journal;
  /** What is wrong with agents that changed. */
  readonly agentProblems: () => readonly string[];
  readonly metrics: Metrics | null;
  /** The processes of the fleet that live; null where there is none. */
  readonly members: (() => readonly FleetMember[]) | null;
}

/** The operator's pages, which meet calls in three ways: they watch them, make some from the browser, and show both. */
export interface OperatorPages {
  readonly browser: BrowserCalls;
  readonly live: LiveCalls;
  /** Null where their port is taken. */
  readonly start: (means: PagesMeans) => Promise<ConsoleServer | null>;
}

/** Makes the operator's pages. They meet calls from the first one on, and are seen once they are started. */
export function operatorPages(config: Config, running: () => RunningService, log: Logger): OperatorPages {
  const browser = browserCalls(config, running, log);
  const live = keepLiveCalls(() => running().service);
  return {
    browser,
    live,
    start: ({ agents, isSimulated, ...means }) =>
      startConsole({
        ...means,
        config,
        service: running().service,
        live,
        phone: browserPhone(config, browser, { agents, isSimulated, log }),
        log,
      }),
  };
}
