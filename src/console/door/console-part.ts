import type { Router } from 'express';
import type { WebSocket } from 'ws';
import type { Viewer } from './viewer.ts';

/** A page of the operator's. */
export interface ConsolePage {
  /** Such as `/history`, or `/call/:callSid`, which stands for one page each. */
  readonly path: string;
  /** As a person reads it. */
  readonly title: string;
  /** The folder below `web` whose `page.ts` draws it. */
  readonly folder: string;
  /** It stands not in the menu, but below this page of it, which leads to it and is marked in the menu in its place. */
  readonly below?: string;
}

/** The first page of the menu, to which a viewer comes; undefined where there is none. */
export function homeOf(pages: readonly ConsolePage[]): ConsolePage | undefined {
  return pages.find(({ below }) => below === undefined);
}

/** Whether a path is that of a page. */
export function isPagePath(pages: readonly ConsolePage[], path: string): boolean {
  return pages.some((page) => new RegExp(`^${page.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(path));
}

/**
 * One part of the operator's pages: what it answers and which page it has. Whoever reaches it is logged in, and host and origin of the
 * request are checked.
 */
export interface ConsolePart {
  readonly page?: ConsolePage;
  /** Adds its routes, with their whole paths: `/api/…`. Bodies are JSON of at most 64 kB. */
  readonly routes?: (router: Router) => void;
  /** What takes the sockets that are opened at these paths. */
  readonly sockets?: Readonly<Record<string, SocketTaker>>;
  /** Ends what goes on for viewers, when the service stops. */
  readonly stop?: () => void;
}

/** Takes a WebSocket that a viewer has opened. One that fails loses the socket. */
export type SocketTaker = (socket: WebSocket, url: URL, viewer: Viewer) => void | Promise<void>;
