import type { Config } from '../config/config.ts';
import { endOnUncaught } from '../service/end/last-handler.ts';
import { onStopSignal, thisProcess } from '../service/end/stop-signals.ts';
import { isSimulation, linkWords, simulationWords } from '../service/simulation-words.ts';
import { systemClock } from '../system/clock.ts';
import { hostInUrl } from '../system/listening-place.ts';
import { createLogger, logOutput } from '../system/logger.ts';
import { systemRandomness } from '../system/randomness.ts';
import { Refusals } from '../system/refusals.ts';
import { paths } from '../twilio/paths.ts';
import { type WorkerSettings, workerSettings } from './worker-settings.ts';
import { WorkerTeam } from './worker-team.ts';
import { WorkersDoor } from './workers-door.ts';

/** Answers calls in so many processes behind one port, until it is told to stop. */
export async function runWorkers(config: Config, count: number): Promise<void> {
  const log = createLogger(config.logLevel, logOutput());
  for (const warning of config.warnings) log.warn({ warning }, 'configuration');
  const { host } = config.http;
  const refusals = new Refusals(systemClock, log);
  const door = new WorkersDoor((taken) => team.give(taken), refusals);
  const port = await door.listen(config.http.port, host);
  const publicUrl = config.http.publicUrl ?? `http://${hostInUrl(host)}:${port}`;
  const token = systemRandomness.token();
  const secret = systemRandomness.token();
  const adminToken = config.admin.port === null ? null : token;
  const { announcedPages } = await import('./pages/announced-pages.ts');
  const pagesOf = announcedPages(config);
  const settings: readonly WorkerSettings[] = workerSettings(config, count, { publicUrl, secret, adminToken, pagesOf });
  const team = new WorkerTeam(settings, log);
  let isStopping = false;
  const stop = async (drainMsMax: number): Promise<number> => {
    isStopping = true;
    log.info({ workers: count, drainMsMax }, 'draining');
    await team.stop(drainMsMax);
    door.close();
    return 0;
  };
  endOnUncaught({ stop }, log);
  onStopSignal(
    thisProcess,
    systemClock,
    () => void stop(config.limits.drainSeconds * 1000).then(() => process.exit(0)),
  );
  const isUp = await team.start();
  if (isStopping) return;
  // Why has been said.
  if (!isUp) {
    await team.stop(0);
    process.exit(1);
  }
  if (isSimulation(config)) process.stderr.write(simulationWords(config));
  log.info({ host, port, workers: count, voiceWebhook: publicUrl + paths.voice }, 'listening');
  if (config.admin.port === null) return;
  const { startWorkersPages } = await import('./pages/workers-pages.ts');
  const pages = await startWorkersPages({
    config,
    token,
    team,
    journals: settings.flatMap(({ journal }) => journal ?? []),
    refusals,
    log,
  });
  if (pages !== null) process.stderr.write(linkWords(pages.link, config));
}
