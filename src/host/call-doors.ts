import type { SdkOrder } from '../gemini/sdk.ts';
import type { SessionDrivers } from '../gemini/live-session.ts';
import { type Guard, guardedClock, guardedConnection, guardedSocket } from '../system/guard.ts';
import type { Logger } from '../system/logger.ts';
import type { ConnectionListener, SocketListener } from '../system/socket.ts';
import type { Redirect } from '../twilio/redirect.ts';
import type { RunTool } from './tooling/tool-runner.ts';

type SdkCallback = Exclude<keyof SdkOrder, 'setup' | 'createSocket'>;

/**
 * The ways by which something enters the host of a call: its methods, and whatever the drivers call back with. What throws beyond a door
 * ends this call, and no other.
 */
export type Door =
  | 'ask'
  | 'tell'
  | 'order'
  | 'show'
  | 'claimStream'
  | 'attach'
  | 'fence'
  | 'release'
  | 'timer'
  | 'redirected'
  | 'toolSettled'
  | 'journalSettled'
  | 'journalReleased'
  | `stream.${keyof SocketListener}`
  | `model.${keyof ConnectionListener}`
  | `sdk.${SdkCallback}`;

/** Lets something in: runs it, and takes what it throws. */
export type Enter = (door: Door, work: () => void) => void;

/** What calls the host of a call back, because it is not done when it returns. */
export interface CallDrivers extends SessionDrivers {
  readonly redirect: Redirect;
  readonly runTool: RunTool;
  /**
   * Calls `done`, in bounded time: with true when the journal has all entries of the call, or when none is kept. If it turned out that
   * another process has the call, `fence` was called before.
   */
  readonly settled: (done: (isRecorded: boolean) => void) => void;
  /**
   * Calls `done`, in bounded time, when the journal has what another process needs to go on. No entry is taken afterwards. `wasQuiet`: whether
   * nobody spoke or waited, so that nothing need be said about it.
   */
  readonly release: (wasQuiet: boolean, done: () => void) => void;
}

/** The drivers of one call: whatever they call back with comes through a door. */
export function throughDoors(drivers: CallDrivers, enter: Enter): CallDrivers {
  const { clock, randomness, sdk, connect, redirect, runTool, settled, release } = drivers;
  const ofModel: Guard<keyof ConnectionListener> = (callback, work) => enter(`model.${callback}`, work);
  return {
    clock: guardedClock(clock, enter),
    randomness,
    sdk: {
      setupMsMax: sdk.setupMsMax,
      connect: (order) => sdk.connect(orderThroughDoors(order, enter)),
    },
    connect(url, headers, listener) {
      return guardedSocket(connect(url, headers, guardedConnection(listener, ofModel)), ofModel);
    },
    redirect: (callSid, twiml, done) => redirect(callSid, twiml, (fact) => enter('redirected', () => done(fact))),
    runTool: (tool, args, run, done) =>
      runTool(tool, args, run, (settlement) => enter('toolSettled', () => done(settlement))),
    settled: (done) => settled((isRecorded) => enter('journalSettled', () => done(isRecorded))),
    release: (wasQuiet, done) => release(wasQuiet, () => enter('journalReleased', done)),
  };
}

/** The SDK turns what its callbacks throw into rejections that nobody takes. */
function orderThroughDoors(order: SdkOrder, enter: Enter): SdkOrder {
  const { setup, createSocket, onClose, onSession, onFailed } = order;
  return {
    setup,
    createSocket,
    onClose: (code, reason) => enter('sdk.onClose', () => onClose(code, reason)),
    onSession: (session) => enter('sdk.onSession', () => onSession(session)),
    onFailed: (why) => enter('sdk.onFailed', () => onFailed(why)),
  };
}

/** Takes every step of a way out, also after one that throws: a call that breaks must leave nothing behind. */
export function takeEach(steps: readonly (() => void)[], log: Logger): void {
  for (const step of steps) {
    try {
      step();
    } catch (error) {
      logCrash(log, error);
    }
  }
}

/** Logs a fault of ours, and where it came in if that is known. */
export function logCrash(log: Logger, error: unknown, door: Door | null = null): void {
  try {
    log.error({ fault: 'call.crashed', err: error, ...(door !== null && { door }) }, 'callCrashed');
  } catch {
    // The log itself is what fails.
  }
}
