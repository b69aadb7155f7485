import type { Clock } from '../system/clock.ts';
import { guardedClock, guardedSocket } from '../system/guard.ts';
import type { Logger } from '../system/logger.ts';
import type { Refusals } from '../system/refusals.ts';
import { closeInTime, type Socket } from '../system/socket.ts';
import { parseTwilioFrame } from './stream-messages.ts';

/** Twilio sends the start message right after it has connected (TW-STREAM-2). */
const startMsMax = 5_000;

/** `connected` and `start` are all that may come first; a peer that talks on is not Twilio. */
const framesBeforeStartMax = 5;

/** A call to which a stream may belong. */
export interface StreamOwner {
  /** Takes the token of the latest stream, once. Returns whether it was the right one. */
  claimStream(token: string): boolean;
  /** Takes the socket over from here on. */
  attach(socket: Socket, streamSid: string): void;
}

/** What it takes to find the call of a media socket. */
export interface HandshakeParts {
  readonly clock: Clock;
  /** The live call with this CallSid, or null. */
  readonly findCall: (callSid: string) => StreamOwner | null;
  readonly refusals: Refusals;
  readonly log: Logger;
}

/** Takes a media socket: waits for the start message, checks its token, and gives the stream to its call. */
export function acceptMediaSocket(
  socket: Socket,
  { clock, findCall, refusals, log }: HandshakeParts,
  waitMsMax = startMsMax,
): void {
  let frames = 0;
  let isRefused = false;
  const refuse = (fault: string): void => {
    timer.cancel();
    isRefused = true;
    refusals.add('streamRefused', { fault });
    closeInTime(socket, 1008, clock);
  };
  const guard = (_callback: string, work: () => void): void => {
    try {
      work();
    } catch (error) {
      // A fault of ours, on a socket that belongs to no call yet.
      isRefused = true;
      log.error({ err: error }, 'handshakeCrashed');
      socket.terminate();
    }
  };
  const timer = guardedClock(clock, guard).after(waitMsMax, () => refuse('stream.startMissing'));
  guardedSocket(socket, guard).listen({
    onMessage(text, isBinary) {
      if (isRefused) return;
      frames += 1;
      const message = isBinary ? null : parseTwilioFrame(text, null);
      if (message?.type === 'start') {
        const { callSid, streamSid, customParameters } = message;
        const call = findCall(callSid);
        if (call?.claimStream(customParameters.token ?? '') !== true) return refuse('stream.tokenInvalid');
        timer.cancel();
        call.attach(socket, streamSid);
      } else if (frames >= framesBeforeStartMax) {
        refuse('stream.startMissing');
      }
    },
    onClose: () => timer.cancel(),
  });
}
