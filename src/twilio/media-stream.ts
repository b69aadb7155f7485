import type { CallFact } from '../call/events.ts';
import type { Clock, Timer } from '../system/clock.ts';
import { closeInTime, type Socket } from '../system/socket.ts';
import { clearMessage, markMessage, mediaMessage, parseTwilioFrame } from './stream-messages.ts';

/**
 * A stream brings frames all the time, unless the phone is muted: a second without any is worth a ping, which Twilio answers in
 * milliseconds (TW-STREAM-1). A proxy may keep a dead connection open for minutes.
 */
const lookMs = 1_000;

/** After so many seconds without a frame or a pong the stream is dead. A stall of the network is shorter. */
const quietLooksMax = 4;

/** One media stream of Twilio, from its start message to its end. */
export class MediaStream {
  readonly streamSid: string;
  readonly #socket: Socket;
  readonly #clock: Clock;
  #onFact: ((fact: CallFact) => void) | null = null;
  #quietLooks = 0;
  #pulse: Timer | null = null;

  /** Takes a socket whose start message has come. */
  constructor(socket: Socket, streamSid: string, clock: Clock) {
    this.#socket = socket;
    this.streamSid = streamSid;
    this.#clock = clock;
  }

  /** Reports what comes in, from here until the stream is closed. */
  listen(onFact: (fact: CallFact) => void): void {
    this.#onFact = onFact;
    this.#socket.listen({
      onMessage: (text, isBinary) => this.#receive(text, isBinary),
      onPong: () => void (this.#quietLooks = 0),
      onClose: (code) => {
        this.#pulse?.cancel();
        this.#tell({ type: 'stream.closed', code });
      },
    });
    this.#lookLater();
  }

  sendMedia(audio: Uint8Array): void {
    this.#socket.send(mediaMessage(this.streamSid, audio));
  }

  sendMark(name: string): void {
    this.#socket.send(markMessage(this.streamSid, name));
  }

  sendClear(): void {
    this.#socket.send(clearMessage(this.streamSid));
  }

  /** Ends the stream from our side. Nothing is reported any more. */
  close(code: number): void {
    this.#onFact = null;
    this.#pulse?.cancel();
    closeInTime(this.#socket, code, this.#clock);
  }

  #receive(text: string, isBinary: boolean): void {
    this.#quietLooks = 0;
    if (isBinary) return this.#tell({ type: 'stream.frameRejected', fault: 'stream.frameBinary' });
    const message = parseTwilioFrame(text, this.streamSid);
    if (message.type === 'connected' || message.type === 'start') {
      return this.#tell({ type: 'stream.frameRejected', fault: 'stream.frameInvalid' });
    }
    this.#tell(message);
  }

  #tell(fact: CallFact): void {
    this.#onFact?.(fact);
  }

  #lookLater(): void {
    this.#pulse = this.#clock.after(lookMs, () => {
      if (this.#quietLooks >= quietLooksMax) return this.#socket.terminate();
      if (this.#quietLooks > 0) this.#socket.ping();
      this.#quietLooks += 1;
      this.#lookLater();
    });
  }
}
