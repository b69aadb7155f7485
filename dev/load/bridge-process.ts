import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { childrenOf } from '../siege/process-figures.ts';
import { SiegeService } from '../siege/siege-service.ts';

/** More than any load: what limits the calls shall be the processor. */
const callsMax = 2_000;

/** A bridge under load, in a process of its own. */
export interface BridgeProcess {
  readonly port: number;
  /** The processes that carry its calls, or stand in front of them. */
  readonly pids: readonly number[];
  /** Parley; null where the bridge is another one. */
  readonly service: SiegeService | null;
  readonly stop: () => Promise<void>;
}

/** Parley as `npm start` starts it, with these settings beside the usual ones. */
export async function startParley(
  modelUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<BridgeProcess> {
  const service = await SiegeService.start(modelUrl, { MAX_CONCURRENT_CALLS: String(callsMax), ...settings });
  const workers = settings['WORKERS'] === undefined ? [] : childrenOf(service.pid);
  return { port: service.port, pids: [service.pid, ...workers], service, stop: async () => service.stop() };
}

/** The smallest relay. */
export async function startRelay(modelUrl: string): Promise<BridgeProcess> {
  const script = fileURLToPath(new URL('relay.ts', import.meta.url));
  const child = spawn(process.execPath, [script, modelUrl.replace('http', 'ws')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const [line]: Buffer[] = await once(child.stdout, 'data');
  const { port } = JSON.parse(String(line));
  return {
    port,
    pids: [child.pid ?? Number.NaN],
    service: null,
    stop: async () => {
      const ended = once(child, 'close');
      kill();
      process.off('exit', kill);
      await ended;
    },
  };
}

/** Keeps all threads of a process on one processor, so that its load cannot spread. */
export function pin(pid: number, processor: number): void {
  execFileSync('taskset', ['-acp', String(processor), String(pid)], { stdio: 'ignore' });
}
