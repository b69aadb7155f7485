import { once } from 'node:events';
import { connect } from 'node:net';
import { environment } from '../../config/environment.ts';
import { isPublic } from '../../config/parsers.ts';
import { ParleyError } from '../../errors.ts';
import { hostInUrl } from '../../system/listening-place.ts';
import { paths } from '../../twilio/paths.ts';

/** What is called, and as whom. */
export interface CallTarget {
  /** Parley, or whatever else answers a voice webhook and speaks Media Streams. */
  readonly program: 'Parley' | 'The bridge';
  /** Where it listens on this machine, as in `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** The voice webhook at the address by which it knows itself. */
  readonly voiceUrl: string;
  /** Parley's; of another bridge nobody knows. */
  readonly statusUrl: string | null;
  /** Signs what is sent; without it nothing is signed. */
  readonly authToken: string | null;
  readonly accountSid: string;
  /** What starts it if nothing listens there; null for another bridge. */
  readonly startCommand: string | null;
}

/** All that a call asks of the environment: what answers it may be another program, with settings of its own. */
const settings = environment.pick({
  PORT: true,
  HOST: true,
  PUBLIC_URL: true,
  TWILIO_AUTH_TOKEN: true,
  TWILIO_ACCOUNT_SID: true,
});

/** A connection on loopback is there at once or not at all. */
const connectMsMax = 2_000;

/**
 * Finds what is to be called: the Parley of these settings, or a bridge whose voice webhook is the path of `url`. Throws a RangeError of
 * one line for another machine, and `config.invalid` for a setting that cannot be read.
 */
export function callTarget(env: Readonly<Record<string, string | undefined>>, url?: string): CallTarget {
  const given = Object.entries(env).filter(([, text]) => text !== undefined && text.trim() !== '');
  const parsed = settings.safeParse(Object.fromEntries(given));
  if (!parsed.success)
    throw new ParleyError(
      'config.invalid',
      parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('\n'),
    );
  const { PORT, HOST, PUBLIC_URL, TWILIO_AUTH_TOKEN, TWILIO_ACCOUNT_SID } = parsed.data;
  const address = url ?? `http://127.0.0.1:${PORT}`;
  const local = URL.parse(address);
  if (local === null || local.protocol !== 'http:' || isPublic(address))
    throw new RangeError(`${address} is not on this machine. Wanted is an address such as http://127.0.0.1:8080.`);
  const isParley = local.pathname === '/';
  const port = Number(local.port || 80);
  // Without a public address, Parley names itself by the address on which it listens; others take what they are called by.
  const own = isParley ? `http://${hostInUrl(HOST)}${local.port === '' ? '' : `:${local.port}`}` : local.origin;
  const origin = PUBLIC_URL ?? own;
  return {
    program: isParley ? 'Parley' : 'The bridge',
    origin: local.origin,
    voiceUrl: origin + (isParley ? paths.voice : `${local.pathname}${local.search}`),
    statusUrl: isParley ? origin + paths.status : null,
    authToken: TWILIO_AUTH_TOKEN ?? null,
    accountSid: TWILIO_ACCOUNT_SID ?? `AC${'0'.repeat(32)}`,
    startCommand: isParley ? `${port === PORT ? '' : `PORT=${port} `}npm start` : null,
  };
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
