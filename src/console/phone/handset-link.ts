import type { WebSocket } from 'ws';
import { frameText } from '../../encoding/frame-text.ts';
import type { Clock } from '../../system/clock.ts';
import { TokenBucket } from '../../system/token-bucket.ts';
import { readBinaryMessage, soundMessage, FrameCount } from './handset-wire.ts';
import { type HandsetRequest, readHandsetRequest } from './handset-request.ts';
import type { ServerText } from './phone-news.ts';

/** A page sends 50 frames a second; after a busy moment, those of some seconds at once. */
const messageRate = { burst: 300, perSecond: 120 };

/** Half a minute of sound. A page that has not read this is gone, and its call goes on without it for a while. */
const waitingBytesMax = 256 * 1024;

/** Why a connection of a page is closed. */
export const linkCloses = {
  /** The call is over. */
  over: 1000,
  /** Another connection has taken its place. */
  replaced: 4000,
  /** The page sent what no page sends. */
  refused: 4008,
  /** There is no such call, or it is another visitor's. */
  unknownCall: 4004,
} as const;

/** Whom a link tells. */
export interface LinkListener {
  onSound(audio: Uint8Array): void;
  onPicture(jpeg: Uint8Array): void;
  onRequest(request: Exclude<HandsetRequest, { type: 'ping' }>): void;
  onGone(): void;
}

/** One connection of a page with its call. It counts the frames both ways. */
export class HandsetLink {
  readonly #socket: WebSocket;
  readonly #listener: LinkListener;
  readonly #budget: TokenBucket;
  readonly #received = new FrameCount();
  #sent = 0;

  constructor(socket: WebSocket, clock: Pick<Clock, 'nowMs'>, listener: LinkListener) {
    this.#socket = socket;
    this.#listener = listener;
    this.#budget = new TokenBucket(clock, messageRate);
    socket.on('message', (data, isBinary) => {
      // Whatever still comes while it is being closed belongs to nobody: another page may have the call.
      if (socket.readyState !== socket.OPEN) return;
      if (!this.#budget.take(1)) return this.close('refused');
      if (isBinary) this.#takeBytes(bytesOf(data));
      else this.#takeText(frameText(data));
    });
    socket.on('close', () => listener.onGone());
    socket.on('error', () => socket.terminate());
  }

  /** What has come and gone on this connection. */
  get counts(): { readonly received: number; readonly lost: number; readonly doubled: number; readonly sent: number } {
    const { frames, lost, doubled } = this.#received;
    return { received: frames, lost, doubled, sent: this.#sent };
  }

  /** 20 ms that are to be heard. */
  hear(audio: Uint8Array): void {
    this.#send(soundMessage(this.#sent, audio));
    this.#sent += 1;
  }

  tell(text: ServerText): void {
    this.#send(JSON.stringify(text));
  }

  close(why: keyof typeof linkCloses): void {
    this.#socket.close(linkCloses[why]);
  }

  #takeBytes(bytes: Uint8Array): void {
    const message = readBinaryMessage(bytes);
    if (message === null) return this.close('refused');
    if (message.kind === 'picture') return this.#listener.onPicture(message.jpeg);
    this.#received.take(message.number);
    this.#listener.onSound(message.audio);
  }

  #takeText(text: string): void {
    const request = readHandsetRequest(text);
    if (request === null) this.close('refused');
    else if (request.type === 'ping') this.tell({ type: 'pong', id: request.id });
    else this.#listener.onRequest(request);
  }

  #send(message: string | Uint8Array): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > waitingBytesMax) this.#socket.terminate();
    else this.#socket.send(message);
  }
}

function bytesOf(data: Buffer | ArrayBuffer | Buffer[]): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
