import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';

import { Agent, buildConnector } from 'undici';

import { ParleyError } from '../../../errors.ts';
import { addressKind } from './address-kinds.ts';
import { literalAddress } from './host-rules.ts';

/** Finds the addresses of a host. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** Far from here a connection takes half a second. */
const connectMsMax = 3_000;

/** More calls than these ask one server at the same time only in an attack on it. */
const connectionsMax = 32;

/** Different servers whose connections are kept. */
const originsMax = 100;

/** An idle connection saves the next question 100 ms, and costs a file. */
const idleMsMax = 10_000;

/** Headers of an honest answer fit into a quarter of it. */
const headerBytesMax = 16_384;

/**
 * Connections that lead where their check said. An address is checked after the name was resolved, and the connection goes to that very
 * address, so that a name cannot mean another machine a moment later. `mayBePrivate` judges by scheme, host and port. Variables such as HTTP_PROXY
 * are not looked at: a proxy would resolve the name again, out of our sight.
 */
export function createPinnedAgent(
  mayBePrivate: (url: URL) => boolean,
  { bytesMax, resolve = resolveBySystem }: { readonly bytesMax: number; readonly resolve?: Resolve },
): Agent {
  const connectorFor = (allowPrivate: boolean) =>
    buildConnector({
      timeout: connectMsMax,
      lookup: checkedLookup(resolve, allowPrivate),
      autoSelectFamily: true,
      allowH2: false,
    });
  const connectPublic = connectorFor(false);
  const connectAny = connectorFor(true);
  return new Agent({
    connections: connectionsMax,
    maxOrigins: originsMax,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: idleMsMax,
    keepAliveMaxTimeout: idleMsMax,
    maxHeaderSize: headerBytesMax,
    // What comes over the line, and may unpack to nothing. What it unpacks to is counted where it is read, and is met first.
    maxResponseSize: 2 * bytesMax,
    connect: (options, callback) => {
      const allowPrivate = mayBePrivate(originUrl(options));
      const literal = literalAddress(options.hostname);
      if (literal !== null) {
        const refusal = addressRefusal(options.hostname, [literal], allowPrivate);
        if (refusal !== null) {
          callback(refusal, null);
          return;
        }
      }
      const connect = allowPrivate ? connectAny : connectPublic;
      connect(options, (...outcome) => {
        const [error, socket] = outcome;
        if (error !== null) {
          callback(error, null);
          return;
        }
        // The last word has the system: where the connection really leads.
        const refusal = addressRefusal(options.hostname, [socket.remoteAddress ?? ''], allowPrivate);
        if (refusal === null) callback(null, socket);
        else {
          socket.destroy();
          callback(refusal, null);
        }
      });
    },
  });
}

/** Why a host with these addresses is not reached. One address that is not allowed spoils the others: nobody honest mixes them. */
export function addressRefusal(host: string, addresses: readonly string[], allowPrivate: boolean): ParleyError | null {
  const refused = addresses.find((address) => {
    const kind = addressKind(address);
    return kind === 'forbidden' || (kind === 'private' && !allowPrivate);
  });
  if (refused === undefined && addresses.length > 0) return null;
  const why =
    refused === undefined
      ? 'has no address'
      : addressKind(refused) === 'private'
        ? `is at ${refused}, an address of this machine or its network`
        : `is at ${refused}, an address that is reserved`;
  return new ParleyError('fetch.refused', `${host} ${why}.`);
}

function checkedLookup(resolve: Resolve, allowPrivate: boolean): LookupFunction {
  return (host, { all = false }, callback) => {
    const answer = async (): Promise<void> => {
      try {
        const addresses = await resolve(host);
        const refusal = addressRefusal(host, addresses, allowPrivate);
        if (refusal !== null) throw refusal;
        const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
        const [first] = found;
        if (all || first === undefined) callback(null, found);
        else callback(null, first.address, first.family);
      } catch (error) {
        callback(error instanceof Error ? error : new Error(String(error)), []);
      }
    };
    void answer();
  };
}

async function resolveBySystem(host: string): Promise<readonly string[]> {
  const found = await systemLookup(host, { all: true });
  return found.map(({ address }) => address);
}

function originUrl({ protocol, hostname, port }: buildConnector.Options): URL {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  return new URL(`${protocol}//${host}:${port}`);
}
