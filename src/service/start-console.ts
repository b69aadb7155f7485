import type { Config } from '../config/config.ts';
import type { ConsolePart } from '../console/door/console-part.ts';
import type { ConsoleServer } from '../console/door/console-server.ts';
import { openConsole } from '../console/door/open-console.ts';
import { FleetKey } from '../console/fleet/fleet-key.ts';
import { FleetPages } from '../console/fleet/fleet-pages.ts';
import type { FleetMember } from '../console/fleet/fleet-sites.ts';
import { metricsPart } from '../console/metrics/metrics-part.ts';
import { healthPart } from '../console/health/health-part.ts';
import { historyPart } from '../console/history/history-part.ts';
import type { FeedViewer } from '../console/live/feed.ts';
import type { LiveCalls } from '../console/live/live-calls.ts';
import { recordingPart } from '../console/recording/recording-part.ts';
import type { PhoneService } from '../host/phone-service.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Journal } from '../store/journal.ts';
import type { Logger } from '../system/logger.ts';
import { serviceHistory } from './journal/journal-place.ts';
import { livePart, serviceProblems } from './live-board.ts';

/** What of the service the operator's pages show. */
export interface ConsoleMeans {
  readonly config: Config;
  readonly service: PhoneService;
  /** What the agent is called: the model whose prices hold, or one that has none. */
  readonly agent: string;
  readonly live: LiveCalls;
  readonly journal: Journal;
  /** What is wrong with agents that changed. */
  readonly agentProblems: () => readonly string[];
  readonly phone: ConsolePart;
  readonly metrics: Metrics | null;
  /** The processes of the fleet that live; null where there is none. */
  readonly members: (() => readonly FleetMember[]) | null;
  readonly log: Logger;
}

/** Starts the operator's pages. Resolves to null where none are wanted, or where their port is taken: calls do without them. */
export async function startConsole(means: ConsoleMeans): Promise<ConsoleServer | null> {
  const { config, service, members, log } = means;
  const { admin, http } = config;
  const { refusals } = service;
  const history = serviceHistory(config.journal);
  const instances = http.instance === null ? [] : [http.instance];
  const key = members === null ? null : FleetKey.of(admin.token);
  const fleet = members === null ? null : new FleetPages({ admin, key, instances, members, history, refusals, log });
  const parts = (): readonly ConsolePart[] => consoleParts(means, history, fleet);
  return openConsole(admin, { parts, fleet: fleet?.door ?? null }, refusals, log);
}

/** The parts, in the order of the menu. The first page is home. */
function consoleParts(
  { config, service, agent, live, journal, agentProblems, phone, metrics, log }: ConsoleMeans,
  history: ReturnType<typeof serviceHistory>,
  fleet: FleetPages | null,
): ConsolePart[] {
  const { recordDir, prices } = config;
  const { fillerPhraseFile } = config.agent;
  const problems = serviceProblems(service, journal, agentProblems);
  const ownLive = livePart(live, service, problems, log);
  const own = { name: config.http.instance ?? '', part: ownLive, watch: (viewer: FeedViewer) => ownLive.watch(viewer) };
  const placeOf = fleet?.recordingPlaces ?? null;
  return [
    fleet?.live(own, (callSid) => ownLive.has(callSid)) ?? ownLive,
    phone,
    { ...historyPart({ history, journal, log }), stop: () => void history?.close() },
    healthPart({
      registry: service.registry,
      callsMax: config.limits.callsPerProcess,
      problems: () => problems.now,
    }),
    recordingPart({ recordDir, history, placeOf, prices, model: agent, fillerPhraseFile, log }),
    ...(metrics === null ? [] : [metricsPart(metrics)]),
  ];
}
