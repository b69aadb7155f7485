import type { IncomingMessage } from 'node:http';
import type { Logger } from '../../system/logger.ts';
import type { ViewerSession } from './viewer-sessions.ts';

/** Who looks: for the log of who saw personal data. */
export interface Viewer {
  /** A name of the session that lets nobody in. */
  readonly session: string;
  readonly address: string;
  /** Another process of the fleet asks for the viewer, and wants what this one has by itself. */
  readonly isOfFleet: boolean;
}

/** The session of each request that was let in. */
const sessionsByRequest = new WeakMap<IncomingMessage, ViewerSession>();

/** Remembers whose request it is. */
export function admit(request: IncomingMessage, session: ViewerSession): void {
  sessionsByRequest.set(request, session);
}

/** Whether a request was let in. */
export function isAdmitted(request: IncomingMessage): boolean {
  return sessionsByRequest.has(request);
}

/** The session of a request that was let in. */
export function sessionOf(request: IncomingMessage): ViewerSession {
  const session = sessionsByRequest.get(request);
  if (session === undefined) throw new TypeError('The request was not let in.');
  return session;
}

/** Who asks, in a request that was let in. */
export function viewerOf(request: IncomingMessage): Viewer {
  const { name: session, isOfFleet } = sessionOf(request);
  return { session, address: request.socket.remoteAddress ?? '', isOfFleet };
}

/** Writes down who looked at personal data: at what, such as `transcript`, and of which call, if it is of one. */
export function logLook(log: Logger, { session, address }: Viewer, what: string, callSid: string | null): void {
  log.info({ what, callSid, session, address }, 'personalDataSeen');
}
