import type { RawData, WebSocket } from 'ws';
import type { CallFact } from '../call/events.ts';
import { clearMessage, markMessage, mediaMessage, parseTwilioFrame } from './stream-messages.ts';
import { frameText } from '../encoding/frame-text.ts';

/**
 * A stream brings frames all the time, unless the phone is muted: a second without any is worth a ping, which Twilio answers in
 * milliseconds (TW-STREAM-1). A proxy may keep a dead connection open for minutes.
 */
const lookMs = 1_000;

/** Seconds in which nothing came back. A stall of the network is shorter. */
const quietLooksMax = 4;

/** How long a closing handshake may take before the connection is cut. */
const closeMsMax = 2_000;

/** One media stream of Twilio, from its start message to its end. */
export class MediaSocket {
  readonly streamSid: string;
  readonly #socket: WebSocket;
  #onFact: ((fact: CallFact) => void) | null = null;

  constructor(socket: WebSocket, streamSid: string) {
    this.#socket = socket;
    this.streamSid = streamSid;
  }

  /** Reports what comes in, from now until the stream is closed or handed on. */
  listen(onFact: (fact: CallFact) => void): void {
    this.#onFact = onFact;
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    this.#socket.on('close', (code) => this.#tell({ type: 'stream.closed', code }));
    this.#watchPulse();
  }

  sendMedia(audio: Uint8Array): void {
    this.#send(mediaMessage(this.streamSid, audio));
  }

  sendMark(name: string): void {
    this.#send(markMessage(this.streamSid, name));
  }

  sendClear(): void {
    this.#send(clearMessage(this.streamSid));
  }

  /** Ends the stream from our side. Nothing is reported any more. */
  close(code: number): void {
    this.#onFact = null;
    this.#socket.close(code);
    setTimeout(() => this.#socket.terminate(), closeMsMax).unref();
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (isBinary) return this.#tell({ type: 'stream.frameRejected', fault: 'stream.frameBinary' });
    const message = parseTwilioFrame(frameText(data), this.streamSid);
    if (message.type === 'connected' || message.type === 'start') {
      return this.#tell({ type: 'stream.frameRejected', fault: 'stream.frameInvalid' });
    }
    this.#tell(message);
  }

  #tell(fact: CallFact): void {
    this.#onFact?.(fact);
  }

  #send(text: string): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(text);
  }

  #watchPulse(): void {
    let quietLooks = 0;
    const hears = (): void => void (quietLooks = 0);
    this.#socket.on('message', hears);
    this.#socket.on('pong', hears);
    const look = (): void => {
      if (quietLooks >= quietLooksMax) return this.#socket.terminate();
      if (quietLooks > 0) this.#socket.ping();
      quietLooks += 1;
    };
    // A process that stood still first reads what has arrived meanwhile.
    const pulse = setInterval(() => setImmediate(look), lookMs);
    this.#socket.on('close', () => clearInterval(pulse));
  }
}
