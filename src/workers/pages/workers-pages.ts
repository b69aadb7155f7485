import type { Config } from '../../config/config.ts';
import type { ConsolePart } from '../../console/door/console-part.ts';
import type { ConsoleServer } from '../../console/door/console-server.ts';
import { openConsole } from '../../console/door/open-console.ts';
import { historyPart } from '../../console/history/history-part.ts';
import { recordingPart } from '../../console/recording/recording-part.ts';
import { JoinedHistory } from '../../store/history/joined-history.ts';
import { historyInPostgres } from '../../store/postgres/open-postgres.ts';
import { historyInFile } from '../../store/sqlite/open-history.ts';
import type { Refusals } from '../../system/refusals.ts';
import type { Logger } from '../../system/logger.ts';
import type { WorkerTeam } from '../worker-team.ts';
import { SummedMetrics } from './summed-metrics.ts';
import { WorkerAsker } from './worker-asker.ts';
import { teamHealthPart, teamLivePart, teamPhonePart, type WorkerPartsMeans } from './team-parts.ts';

/** What Prometheus is told to expect. */
const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

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
  const asked = { asker: new WorkerAsker(token), team, callsMax: config.limits.concurrentCallsMax, log };
  let pages: ConsoleServer | null = null;
  const parts = () => [...partsOf(asked, config, journals), metricsPart(asked, () => pages?.streams ?? 0)];
  pages = await openConsole(config.admin, parts, refusals, log);
  return pages;
}

/** The parts, in the order of the menu. What was kept is read here, for all workers. */
function partsOf(asked: WorkerPartsMeans, config: Config, journals: readonly string[]): ConsolePart[] {
  const { log } = asked;
  const { database } = config.journal;
  const threads = database === null ? journals.map((file) => historyInFile(file)) : [historyInPostgres(database)];
  const history = threads.length === 0 ? null : new JoinedHistory(threads);
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
  return [
    teamLivePart(asked),
    teamPhonePart(asked),
    {
      ...historyPart({ history, journal: { state }, log }),
      stop: () => {
        for (const thread of threads) void thread.close();
      },
    },
    teamHealthPart(asked),
    recordingPart({ recordDir, history, prices, model: gemini.model, fillerPhraseFile, log }),
  ];
}

/** The metrics of all workers as those of one process. */
function metricsPart({ asker, team }: WorkerPartsMeans, viewers: () => number): ConsolePart {
  const summed = new SummedMetrics();
  return {
    routes: (router) => {
      router.get('/metrics', async (_req, res) => {
        const told = await Promise.all(
          team.asked.map(async ({ instance, adminPort }) => {
            const lives = team.livesOf(instance);
            const text = await asker.read(adminPort, '/metrics');
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
