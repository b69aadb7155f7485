import type { Config } from '../config/config.ts';
import type { ConsolePart } from '../console/door/console-part.ts';
import { ConsoleServer } from '../console/door/console-server.ts';
import { healthPart } from '../console/health/health-part.ts';
import type { CallRegistry } from '../host/call-registry.ts';
import type { Journal } from '../store/journal.ts';
import { systemClock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import { systemRandomness } from '../system/randomness.ts';
import type { Refusals } from '../system/refusals.ts';

/** What of the service the operator's pages show. */
export interface ConsoleMeans {
  readonly config: Config;
  readonly registry: CallRegistry;
  readonly journal: Journal;
  readonly refusals: Refusals;
  readonly phone: ConsolePart;
  readonly log: Logger;
}

/** Starts the operator's pages. Resolves to null where none are wanted, or where their port is taken: calls do without them. */
export async function startConsole(means: ConsoleMeans): Promise<ConsoleServer | null> {
  const { config, refusals, log } = means;
  const { port, host, url, token } = config.admin;
  if (port === null) return null;
  const server = new ConsoleServer({
    parts: consoleParts(means),
    token: token === null ? { kind: 'made', text: systemRandomness.token() } : { kind: 'chosen', text: token },
    names: { host, url },
    clock: systemClock,
    randomness: systemRandomness,
    refusals,
    log,
  });
  try {
    log.info({ host, port: await server.listen(port) }, 'adminListening');
    return server;
  } catch (error) {
    const hint = `${error instanceof Error ? error.message : String(error)} There are no operator's pages. Set ADMIN_PORT to another port, or to off.`;
    log.warn({ host, port, hint }, 'adminPortTaken');
    return null;
  }
}

/** The parts, in the order of the menu. The first page is home. */
function consoleParts({ config, registry, journal, phone }: ConsoleMeans): ConsolePart[] {
  return [phone, healthPart({ registry, callsMax: config.limits.concurrentCallsMax, journal })];
}
