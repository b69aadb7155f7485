import { once } from 'node:events';
import { connect } from 'node:net';
import type { Config } from '../../config/config.ts';
import { isPublic } from '../../config/parsers.ts';

/** Where a call goes: which address it is signed for, and where that is on this machine. */
export interface CallTarget {
  /** As the running Parley knows itself. */
  readonly publicOrigin: string;
  /** As in `http://127.0.0.1:8080`. */
  readonly origin: string;
}

/** A connection on loopback is there at once or not at all. */
const connectMsMax = 2_000;

/** Finds the Parley to call. It runs with the same settings as we do. Throws a RangeError of one line for another machine. */
export function callTarget({ http }: Config, url = `http://127.0.0.1:${http.port}`): CallTarget {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.protocol !== 'http:' || isPublic(url))
    throw new RangeError(`${url} is not on this machine. Wanted is an address such as http://127.0.0.1:8080.`);
  // Without a public address, Parley names itself by the address on which it listens.
  const host = http.host.includes(':') ? `[${http.host}]` : http.host;
  const own = `http://${host}${parsed.port === '' ? '' : `:${parsed.port}`}`;
  return { publicOrigin: http.publicUrl ?? own, origin: parsed.origin };
}

/** Whether somebody listens there. */
export async function isListening({ origin }: CallTarget): Promise<boolean> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(connectMsMax) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
