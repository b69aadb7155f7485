import { fork } from 'node:child_process';
import type { Config } from '../config/config.ts';
import { endOnUncaught } from '../service/last-handler.ts';
import { systemClock } from '../system/clock.ts';
import { createLogger, logOutput } from '../system/logger.ts';
import { systemRandomness } from '../system/randomness.ts';
import { Refusals } from '../system/refusals.ts';
import { paths } from '../twilio/paths.ts';
import { CallOwners } from './call-owners.ts';
import { routeOf } from './route.ts';
import { WorkerProcess } from './worker-process.ts';
import { workerSettings } from './worker-settings.ts';
import { type TakenConnection, WorkersDoor } from './workers-door.ts';

/** Answers calls in so many processes behind one port, until it is told to stop. */
export async function runWorkers(config: Config, count: number): Promise<void> {
  const log = createLogger(config.logLevel, logOutput());
  for (const warning of config.warnings) log.warn({ warning }, 'configuration');
  const { host, publicUrl } = config.http;
  const owners = new CallOwners();
  let workers: readonly WorkerProcess[] = [];
  const door = new WorkersDoor((taken) => give(taken, workers, owners), new Refusals(systemClock, log));
  const port = await door.listen(config.http.port, host);
  const adminToken = config.admin.port === null ? null : systemRandomness.token();
  const common = {
    publicUrl: publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    secret: systemRandomness.token(),
    adminToken,
  };
  workers = workerSettings(config, count, common).map(
    ({ instance, callsMax, variables }, at) =>
      new WorkerProcess({
        instance,
        callsMax,
        fork: () =>
          fork(process.argv[1] ?? '', [], { env: { ...process.env, ...variables }, serialization: 'advanced' }),
        clock: systemClock,
        log,
        onCalls: (callSids) => {
          for (const callSid of callSids) owners.note(callSid, at);
        },
      }),
  );
  let isStopping = false;
  const stop = async (drainMsMax: number): Promise<number> => {
    isStopping = true;
    await Promise.all(workers.map(async (worker) => worker.stop(drainMsMax)));
    door.close();
    return 0;
  };
  endOnUncaught({ stop }, log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      log.info({ workers: count }, 'draining');
      void stop(config.limits.drainSeconds * 1000).then(() => process.exit(0));
    });
  const [first, ...others] = workers;
  // What keeps one from starting keeps all, and is said once.
  const isUp = await first?.start();
  if (isStopping) return;
  if (isUp !== true) {
    await stop(0);
    process.exit(1);
  }
  await Promise.all(others.map(async (worker) => worker.start()));
  log.info({ host, port, workers: count, voiceWebhook: common.publicUrl + paths.voice }, 'listening');
}

/** What is asked about this process is answered by it while no worker can. */
const alone: Readonly<Record<string, string>> = {
  '/healthz': 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok',
  '/readyz': 'HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 7\r\n\r\nunready',
};

/** Gives a connection to the worker whose it is. Whether the process is ready, the one answers that would get a call. */
function give({ socket, start, bytes }: TakenConnection, workers: readonly WorkerProcess[], owners: CallOwners): void {
  const { callSid, target } = start;
  const states = workers.map(({ state }) => state);
  const isNewCall = callSid !== null && owners.of(callSid) === null && target.startsWith(paths.voice);
  const at = routeOf(start, states, (ofCall) => owners.of(ofCall));
  const answer = alone[target];
  if (at === null && answer !== undefined) return void socket.end(answer);
  const worker = workers[at ?? 0];
  if (worker === undefined) return void socket.destroy();
  if (callSid !== null) owners.note(callSid, at ?? 0);
  worker.give(socket, bytes, isNewCall);
}
