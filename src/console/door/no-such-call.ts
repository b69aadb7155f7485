import type { Response } from 'express';
import type { WebSocket } from 'ws';

/** All is said. */
const doneCode = 1000;

/** Answers a viewer who asks about a call that is not there. */
export function refuseUnknown(res: Response): void {
  res.status(404).json({ error: 'This call is over, or there never was one.' });
}

/** Closes the socket of a viewer who wants it for a call that is not there. */
export function closeUnknown(socket: WebSocket): void {
  socket.close(doneCode, 'The call is over.');
}
