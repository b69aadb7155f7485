import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { listenOnAnyPort } from '../../test/any-port.ts';
import { SiegeLine } from '../siege/siege-line.ts';

/** So many calls are live at a time. */
const lanes = 8;

/** A frame of silence. */
const frame = Buffer.alloc(160, 0xff).toString('base64');
const frames = 5;

/** The model's end: it takes every setup, and says nothing more. */
export async function startSilentModel(): Promise<{ readonly url: string; readonly close: () => void }> {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
  sockets.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.once('message', () => socket.send('{"setupComplete":{}}'));
  });
  const url = `http://127.0.0.1:${await listenOnAnyPort(http)}`;
  return { url, close: () => http.close() };
}

/**
 * Makes calls that last for some frames, one after the other on each of a few lanes. Resolves to how many were not answered in time, as on a
 * machine that is busy with other work.
 */
export async function makeShortCalls(port: number, count: number): Promise<number> {
  let left = count;
  let unanswered = 0;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      if (!(await shortCall(port))) unanswered += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return unanswered;
}

/** Returns whether the call was answered. */
async function shortCall(port: number): Promise<boolean> {
  const line = new SiegeLine(port);
  if (!(await line.dial())) {
    await line.hangUp();
    return false;
  }
  const socket = await line.openStream();
  const closed = once(socket, 'close');
  for (let sent = 0; sent < frames; sent += 1) socket.send(line.mediaMessage(frame, 20 * sent));
  // The frames are taken before the caller hangs up.
  await delay(10);
  await line.hangUp();
  await closed;
  return true;
}
