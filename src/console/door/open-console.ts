import type { Config } from '../../config/config.ts';
import { systemClock } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import { systemRandomness } from '../../system/randomness.ts';
import type { Refusals } from '../../system/refusals.ts';
import type { FleetDoor } from '../fleet/fleet-door.ts';
import type { ConsolePart } from './console-part.ts';
import { ConsoleServer } from './console-server.ts';

/** Opens the operator's pages at their port. Resolves to null where none are wanted, or where the port is taken: calls do without them. */
export async function openConsole(
  { port, host, url, token }: Config['admin'],
  { parts, fleet }: { readonly parts: () => readonly ConsolePart[]; readonly fleet: FleetDoor | null },
  refusals: Refusals,
  log: Logger,
): Promise<ConsoleServer | null> {
  if (port === null) return null;
  const server = new ConsoleServer({
    parts: parts(),
    token: token === null ? { kind: 'made', text: systemRandomness.token() } : { kind: 'chosen', text: token },
    names: { host, url },
    fleet,
    clock: systemClock,
    randomness: systemRandomness,
    refusals,
    log,
  });
  try {
    log.info({ host, port: await server.listen(port) }, 'adminListening');
    return server;
  } catch (error) {
    const hint = `${error instanceof Error ? error.message : String(error)} There are no operator's pages until Parley starts again.`;
    log.warn({ host, port, hint }, 'adminPortTaken');
    return null;
  }
}
