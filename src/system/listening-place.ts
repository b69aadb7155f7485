import { ParleyError, systemCodeOf } from '../errors.ts';

/** Where a server was to listen, and the settings that say it. */
export interface ListeningPlace {
  readonly host: string;
  readonly port: number;
  readonly settings: { readonly host: string; readonly port: string };
}

/** That an address cannot be listened on, as `http.portTaken`, in the words of somebody who can change that. */
export function cannotListen(place: ListeningPlace, error: unknown): ParleyError {
  return new ParleyError('http.portTaken', `Cannot listen on ${place.host}:${place.port}: ${why(place, error)}.`);
}

function why({ settings: { host, port } }: ListeningPlace, error: unknown): string {
  switch (systemCodeOf(error)) {
    case 'EADDRINUSE':
      return `something listens there already, perhaps another Parley. Stop it, or set ${port} to another port`;
    case 'EACCES':
      return `this user may not listen on that port. Set ${port} to one above 1023`;
    case 'EADDRNOTAVAIL':
      return `this machine has no such address. Set ${host} to one that it has, such as 127.0.0.1`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `that name leads to no address. Set ${host} to an address of this machine, such as 127.0.0.1`;
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** Hosts that stand for all addresses of the machine, and how each is reached from the machine itself. */
const everyAddress: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '[::1]'],
]);

/** Whether whoever listens on this host does so on every address of the machine. */
export function isEveryAddress(host: string): boolean {
  return everyAddress.has(host);
}

/** Where who listens on this host is reached from the machine itself, as it stands in a URL. */
export function hostFromHere(host: string): string {
  return everyAddress.get(host) ?? hostInUrl(host);
}

/** A host or address as it stands in a URL. */
export function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
