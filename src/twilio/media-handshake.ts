import type { ErrorCode } from '../errors.ts';
import type { Clock, Timer } from '../system/clock.ts';
import { guardedClock, guardedSocket } from '../system/guard.ts';
import type { Logger } from '../system/logger.ts';
import type { Refusals } from '../system/refusals.ts';
import { cutOff, type Socket } from '../system/socket.ts';
import { StreamBudget } from './stream-budget.ts';
import { parseTwilioFrame, type TwilioMessage } from './stream-messages.ts';

/** Twilio sends the start message right after it has connected (TW-STREAM-2). */
const startMsMax = 5_000;

/** `connected` and `start` are all that may come first; a peer that talks on is not Twilio. */
const framesBeforeStartMax = 5;

/** A start message with all the parameters that we give it has less than 1,000. */
const startCharactersMax = 8_000;

/** Each call waits for one stream at most. These come on top: for streams that come late, and for strangers. */
const waitingExtra = 10;

/** Where anybody may connect, one address must not take the place of all others. */
const waitingOfPeerMax = 20;

/** "Policy violation" and "try again later" of RFC 6455. */
const refusedCode = 1008;
const fullCode = 1013;

/** A call to which a stream may belong. */
export interface StreamOwner {
  /** Takes the token of the latest stream, once. Returns whether it was the right one. */
  claimStream(token: string): boolean;
  /** Takes the socket over from here on. */
  attach(socket: Socket, streamSid: string, budget: StreamBudget): void;
}

/** What it takes to find the calls of media sockets. */
export interface HandshakeParts {
  readonly clock: Clock;
  /** How many calls there may be. Ten sockets more than that may wait for their start message. */
  readonly callsMax: number;
  /** The live call with this CallSid, or null. */
  readonly findCall: (callSid: string) => StreamOwner | null;
  /**
   * Takes a call over for which a stream has come, if the token is right. Calls `done` in bounded time, with null if it is not, or if the call
   * cannot go on here. Without it, the streams of other processes are refused.
   */
  readonly takeOver?: (callSid: string, token: string, done: (owner: StreamOwner | null) => void) => void;
  readonly refusals: Refusals;
  readonly log: Logger;
}

/** Takes media sockets: waits for the start message, checks its token, and gives the stream to its call. */
export class MediaHandshakes {
  readonly #parts: HandshakeParts;
  /** Sockets whose start message has not come yet, and from where they are. */
  readonly #waiting = new Map<Socket, string | null>();

  constructor(parts: HandshakeParts) {
    this.#parts = parts;
  }

  /** `peer`: the address of a peer that has not proved to be Twilio; null if it has, because a proxy may bring all calls. */
  accept(socket: Socket, peer: string | null, waitMsMax = startMsMax): void {
    if (this.#isFull(peer)) return this.#refuse(socket, 'stream.tooManyWaiting', fullCode);
    this.#waiting.set(socket, peer);
    const handshake = new Handshake(socket, this.#parts, (fault) => {
      this.#waiting.delete(socket);
      if (fault !== null) this.#refuse(socket, fault, refusedCode);
    });
    handshake.begin(waitMsMax);
  }

  #isFull(peer: string | null): boolean {
    if (this.#waiting.size >= this.#parts.callsMax + waitingExtra) return true;
    if (peer === null) return false;
    let ofPeer = 0;
    for (const other of this.#waiting.values()) if (other === peer) ofPeer += 1;
    return ofPeer >= waitingOfPeerMax;
  }

  #refuse(socket: Socket, fault: ErrorCode, code: number): void {
    const { clock, refusals } = this.#parts;
    refusals.add('streamRefused', { fault });
    cutOff(socket, code, clock);
  }
}

/** A socket that belongs to no call yet: it waits for its start message, and then for its call. */
class Handshake {
  readonly #socket: Socket;
  readonly #parts: HandshakeParts;
  readonly #onOver: (fault: ErrorCode | null) => void;
  readonly #budget: StreamBudget;
  #state: 'awaitsStart' | 'awaitsCall' | 'over' = 'awaitsStart';
  #frames = 0;
  #timer: Timer | null = null;

  /** `onOver` is told once that the socket does not wait any more, and why it is refused; null if it is not. */
  constructor(socket: Socket, parts: HandshakeParts, onOver: (fault: ErrorCode | null) => void) {
    this.#socket = socket;
    this.#parts = parts;
    this.#onOver = onOver;
    this.#budget = new StreamBudget(parts.clock);
  }

  begin(waitMsMax: number): void {
    const guard = (_callback: string, work: () => void): void => this.#guard(work);
    this.#timer = guardedClock(this.#parts.clock, guard).after(waitMsMax, () => this.#end('stream.startMissing'));
    guardedSocket(this.#socket, guard).listen({
      onMessage: (text, isBinary) => this.#take(text, isBinary),
      onClose: () => this.#end(null),
    });
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      // A fault of ours, on a socket that belongs to no call yet.
      this.#end(null);
      this.#parts.log.error({ err: error }, 'handshakeCrashed');
      this.#socket.terminate();
    }
  }

  #take(text: string, isBinary: boolean): void {
    // Of a socket that is cut off, what had been read before still comes. The sound of the moment in which the call is taken over is lost,
    // as is that of the time before it.
    if (this.#state !== 'awaitsStart') return;
    this.#frames += 1;
    const message = isBinary || text.length > startCharactersMax ? null : parseTwilioFrame(text, null);
    if (message?.type === 'start') this.#started(message);
    else if (this.#frames >= framesBeforeStartMax) this.#end('stream.startMissing');
  }

  #started({ callSid, streamSid, customParameters }: Extract<TwilioMessage, { type: 'start' }>): void {
    const { findCall, takeOver } = this.#parts;
    const { token = '' } = customParameters;
    const call = findCall(callSid);
    if (call !== null) return this.#give(call.claimStream(token) ? call : null, streamSid);
    if (takeOver === undefined) return this.#give(null, streamSid);
    this.#state = 'awaitsCall';
    takeOver(callSid, token, (owner) => this.#guard(() => this.#give(owner, streamSid)));
  }

  #give(owner: StreamOwner | null, streamSid: string): void {
    // The caller has gone, or it took too long.
    if (this.#state === 'over') return;
    if (owner === null) return this.#end('stream.tokenInvalid');
    this.#end(null);
    owner.attach(this.#socket, streamSid, this.#budget);
  }

  #end(fault: ErrorCode | null): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#timer?.cancel();
    this.#onOver(fault);
  }
}
