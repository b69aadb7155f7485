import type { RawData, WebSocket } from 'ws';
import { parseTwilioFrame } from './stream-messages.ts';
import type { CallRegistry } from '../host/call-registry.ts';
import { frameText } from '../encoding/frame-text.ts';
import type { Logger } from '../system/logger.ts';
import { MediaSocket } from './media-stream.ts';

/** Twilio sends the start message in the same breath as the connection (TW-STREAM-2). */
const startMsMax = 5_000;

/** `connected` and `start` are all that may come first; a peer that talks on is not Twilio. */
const framesBeforeStartMax = 5;

/**
 * Takes a media socket: waits for the start message, checks its token, and gives the stream to its call. It must be called in the
 * same turn in which the socket opens, or the first messages are lost.
 */
export function acceptMediaSocket(
  socket: WebSocket,
  registry: CallRegistry,
  log: Logger,
  waitMsMax = startMsMax,
): void {
  let frames = 0;
  const refuse = (fault: string): void => {
    stopWaiting();
    log.warn({ fault }, 'streamRefused');
    socket.close(1008);
  };
  const timer = setTimeout(() => refuse('stream.startMissing'), waitMsMax);
  const onMessage = (data: RawData, isBinary: boolean): void => {
    frames += 1;
    const message = isBinary ? null : parseTwilioFrame(frameText(data), null);
    if (message?.type === 'start') {
      const { callSid, streamSid, customParameters } = message;
      const host = registry.find(callSid);
      if (host?.claimStream(customParameters.token ?? '') !== true) return refuse('stream.tokenInvalid');
      stopWaiting();
      host.attach(new MediaSocket(socket, streamSid));
    } else if (frames >= framesBeforeStartMax) {
      refuse('stream.startMissing');
    }
  };
  const stopWaiting = (): void => {
    clearTimeout(timer);
    socket.off('message', onMessage);
  };
  socket.on('message', onMessage);
  socket.on('close', stopWaiting);
}
