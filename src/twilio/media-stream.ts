import type { CallFact } from '../call/events.ts';
import type { Alarm } from '../system/alarms.ts';
import type { Clock } from '../system/clock.ts';
import type { ErrorCode } from '../errors.ts';
import { closeInTime, cutOff, type Socket } from '../system/socket.ts';
import type { StreamBudget } from './stream-budget.ts';
import { clearMessage, markMessage, mediaMessage, parseTwilioFrame, type TwilioMessage } from './stream-messages.ts';

/**
 * A stream brings frames all the time, unless the phone is muted: a second without any is worth a ping. A proxy may keep a dead connection
 * open for minutes.
 */
const lookMs = 1_000;

/**
 * After so many seconds without a frame or a pong the stream is dead, if its other end answers pings at all, which no document promises
 * (TW-STREAM-8). A stall of the network is shorter.
 */
const quietLooksMax = 4;

/**
 * What may wait in the socket of a stream that does not read: five minutes of agent audio, the most that a call sends ahead, are 3.3 MB of
 * messages.
 */
const waitingBytesMax = 4 * 1024 * 1024;

/** The close code of a stream that brings too much: "policy violation" of RFC 6455. */
const excessCode = 1008;

/** One media stream of Twilio, from its start message to its end. */
export class MediaStream {
  readonly streamSid: string;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #budget: StreamBudget;
  readonly #pulse: Alarm;
  #onFact: ((fact: CallFact) => void) | null = null;
  #quietLooks = 0;
  #answersPings = false;
  #isCutOff = false;

  /** Takes a socket whose start message has come. `budget`: what it may bring, counted from its opening on. */
  constructor(socket: Socket, streamSid: string, clock: Clock, budget: StreamBudget) {
    this.#socket = socket;
    this.streamSid = streamSid;
    this.#clock = clock;
    this.#budget = budget;
    this.#pulse = clock.alarm(() => this.#look());
  }

  /** Reports what comes in, from here until the stream is closed. */
  listen(onFact: (fact: CallFact) => void): void {
    this.#onFact = onFact;
    this.#socket.listen({
      onMessage: (text, isBinary) => this.#receive(text, isBinary),
      onPong: () => {
        this.#answersPings = true;
        this.#quietLooks = 0;
        this.#isTooMuch(null);
      },
      onPing: () => void this.#isTooMuch(null),
      onClose: (code) => {
        this.#pulse.cancel();
        this.#tell({ type: 'stream.closed', code });
      },
    });
    // Asks while the line is surely alive whether there will be answers when it is quiet.
    this.#socket.ping();
    this.#pulse.set(lookMs);
  }

  sendMedia(audio: Uint8Array): void {
    this.#socket.send(mediaMessage(this.streamSid, audio));
  }

  sendMark(name: string): void {
    this.#budget.markSent();
    this.#socket.send(markMessage(this.streamSid, name));
  }

  sendClear(): void {
    this.#socket.send(clearMessage(this.streamSid));
  }

  /** Ends the stream from our side. Nothing is reported any more. */
  close(code: number): void {
    this.#onFact = null;
    this.#pulse.cancel();
    closeInTime(this.#socket, code, this.#clock);
  }

  #receive(text: string, isBinary: boolean): void {
    this.#quietLooks = 0;
    const message: TwilioMessage = isBinary
      ? { type: 'stream.frameRejected', fault: 'stream.frameBinary' }
      : parseTwilioFrame(text, this.streamSid);
    if (this.#isTooMuch(message)) return;
    if (message.type === 'connected' || message.type === 'start') {
      return this.#tell({ type: 'stream.frameRejected', fault: 'stream.frameInvalid' });
    }
    this.#tell(message);
  }

  /** Counts a message, and cuts the stream off if it is one too many. The call takes that as a stream that was lost. */
  #isTooMuch(message: TwilioMessage | null): boolean {
    if (this.#isCutOff) return true;
    const fault = this.#budget.excess(message);
    if (fault !== null) this.#cutOff(fault);
    return fault !== null;
  }

  #cutOff(fault: ErrorCode): void {
    this.#isCutOff = true;
    this.#pulse.cancel();
    cutOff(this.#socket, excessCode, this.#clock);
    this.#tell({ type: 'stream.frameRejected', fault });
    this.#tell({ type: 'stream.closed', code: excessCode });
    this.#onFact = null;
  }

  #tell(fact: CallFact): void {
    this.#onFact?.(fact);
  }

  #look(): void {
    const isSilent = this.#answersPings && this.#quietLooks >= quietLooksMax;
    if (isSilent || this.#socket.waitingBytes > waitingBytesMax) return this.#socket.terminate();
    if (this.#quietLooks > 0) this.#socket.ping();
    this.#quietLooks += 1;
    this.#pulse.set(lookMs);
  }
}
