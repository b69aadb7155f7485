import type { Config } from '../../config/config.ts';
import type { ConsolePart } from '../../console/door/console-part.ts';
import type { ConsoleServer } from '../../console/door/console-server.ts';
import { openConsole } from '../../console/door/open-console.ts';
import { FleetKey } from '../../console/fleet/fleet-key.ts';
import { FleetPages } from '../../console/fleet/fleet-pages.ts';
import { type AskedPages, readPages } from '../../console/joined/ask-pages.ts';
import type { FeedViewer } from '../../console/live/feed.ts';
import { historyPart } from '../../console/history/history-part.ts';
import { recordingPart } from '../../console/recording/recording-part.ts';
import type { CallHistory } from '../../store/history/call-history.ts';
import { JoinedHistory } from '../../store/history/joined-history.ts';
import { historyInPostgres } from '../../store/postgres/open-postgres.ts';
import { historyInFile } from '../../store/sqlite/open-history.ts';
import type { Refusals } from '../../system/refusals.ts';
import type { Logger } from '../../system/logger.ts';
import type { AskedWorker, WorkerTeam } from '../worker-team.ts';
import { SummedMetrics } from './summed-metrics.ts';
import { teamHealthPart, teamLivePart, teamPhonePart, workerPages, type WorkerPartsMeans } from './team-parts.ts';

/** What Prometheus is told to expect. */
const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

/** What the workers are called together among the processes of a fleet. With a space in it, no INSTANCE is called so. */
export const ownBoardName = 'own workers';

/** What the pages of workers are made of. */
export interface WorkersPagesMeans {
  readonly config: Config;
  /** With this, the pages of each worker are asked for. */
  readonly token: string;
  readonly team: WorkerTeam;
  /** The journals of all workers; none where none are kept. */
  readonly journals: readonly string[];
  readonly refusals: Refusals;
  readonly log: Logger;
}

/** Starts the operator's pages over all workers. Resolves to null where their port is taken: calls do without them. */
export async function startWorkersPages(means: WorkersPagesMeans): Promise<ConsoleServer | null> {
  const { config, token, team, journals, refusals, log } = means;
  const pagesOf = (worker: AskedWorker): AskedPages => workerPages(token, worker);
  const asked = { pagesOf, team, callsMax: config.limits.concurrentCallsMax, log };
  const threads = historyThreads(config, journals);
  const history = threads.length === 0 ? null : new JoinedHistory(threads);
  const fleet = fleetOf(means, history);
  let pages: ConsoleServer | null = null;
  const parts = () => [
    ...partsOf(asked, config, { threads, history, fleet }),
    metricsPart(asked, () => pages?.streams ?? 0),
  ];
  pages = await openConsole(config.admin, { parts, fleet: fleet?.door ?? null }, refusals, log);
  return pages;
}

type HistoryReader = ReturnType<typeof historyInFile>;

function historyThreads({ journal: { database } }: Config, journals: readonly string[]): readonly HistoryReader[] {
  return database === null ? journals.map((file) => historyInFile(file)) : [historyInPostgres(database)];
}

/** The other processes at the same database; null without one. */
function fleetOf(
  { config: { admin, journal }, team, refusals, log }: WorkersPagesMeans,
  history: CallHistory | null,
): FleetPages | null {
  if (journal.database === null) return null;
  const key = FleetKey.of(admin.token);
  return new FleetPages({ admin, key, instances: team.instances, members: () => team.living, history, refusals, log });
}

/** The parts, in the order of the menu. What was kept is read here, for all workers. */
function partsOf(
  asked: WorkerPartsMeans,
  config: Config,
  {
    threads,
    history,
    fleet,
  }: {
    readonly threads: readonly HistoryReader[];
    readonly history: CallHistory | null;
    readonly fleet: FleetPages | null;
  },
): ConsolePart[] {
  const { log } = asked;
  const kind = history === null ? 'off' : 'open';
  const state = {
    kind,
    queuedEntries: 0,
    outboxEntries: 0,
    droppedEntries: 0,
    movedAside: null,
    lastError: null,
  } as const;
  const { fillerPhraseFile } = config.agent;
  const { recordDir, prices, gemini } = config;
  const live = teamLivePart(asked);
  const own = {
    name: ownBoardName,
    part: live,
    begin: async () => live.begin(),
    watch: (viewer: FeedViewer) => live.watch(viewer),
  };
  return [
    fleet?.live(own, () => false) ?? live,
    teamPhonePart(asked),
    {
      ...historyPart({ history, journal: { state }, log }),
      stop: () => {
        for (const thread of threads) void thread.close();
      },
    },
    teamHealthPart(asked),
    recordingPart({
      recordDir,
      history,
      placeOf: fleet?.recordingPlaces ?? null,
      prices,
      model: gemini.model,
      fillerPhraseFile,
      log,
    }),
  ];
}

/** The metrics of all workers as those of one process. */
function metricsPart({ pagesOf, team }: WorkerPartsMeans, viewers: () => number): ConsolePart {
  const summed = new SummedMetrics();
  return {
    routes: (router) => {
      router.get('/metrics', async (_req, res) => {
        const told = await Promise.all(
          team.asked.map(async (worker) => {
            const { instance } = worker;
            const lives = team.livesOf(instance);
            const text = await readPages(pagesOf(worker), '/metrics');
            if (text === null) return null;
            summed.take(instance, lives, text);
            return instance;
          }),
        );
        const names = new Set(told.filter((instance) => instance !== null));
        res.set('content-type', metricsType).send(summed.text(names, { parley_viewers: viewers() }));
      });
    },
  };
}
