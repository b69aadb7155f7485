import { FrameCount, pictureMessage, readBinaryMessage, soundMessage } from '../../src/console/phone/handset-wire.ts';
import type { HandsetRequest } from '../../src/console/phone/handset-request.ts';
import type { LineFigures, NumberedNews, ServerText } from '../../src/console/phone/phone-news.ts';

/** The server keeps a call for ten seconds without its page. */
const backMsMax = 10_000;
const retryMs = 300;
const pingMs = 2_000;

/** Closed in order, replaced by another connection, or refused: nothing to come back to. */
const lastCloses: Readonly<Record<number, string | null>> = {
  1000: null,
  4008: 'Parley did not take what this page sent. Reload the page and call again.',
  4000: 'Another window has taken this call.',
  4004: 'This call is over.',
};

/** Whom the line tells. */
export interface LineListener {
  onHeard(audio: Uint8Array): void;
  onNews(news: NumberedNews): void;
  onFigures(figures: LineFigures): void;
  /** Sound comes and goes at this time, or it does not. */
  onConnected(isConnected: boolean): void;
  onRoundTrip(ms: number): void;
  /** The line is gone for good; `words` say why, null if the call was over. */
  onGone(words: string | null): void;
}

/** The connection with the server for one call. It comes back after a drop. */
export class PhoneLine {
  readonly #callSid: string;
  readonly #listener: LineListener;
  readonly #pings = new Map<number, number>();
  #socket: WebSocket;
  #received = new FrameCount();
  #sent = 0;
  #lastNews = 0;
  #lostAtMs: number | null = null;
  #pingId = 0;
  #isClosed = false;
  readonly #pinging: number;

  constructor(callSid: string, listener: LineListener) {
    this.#callSid = callSid;
    this.#listener = listener;
    this.#socket = this.#connect();
    this.#pinging = window.setInterval(() => this.#ping(), pingMs);
  }

  /** What came on this connection. */
  get received(): FrameCount {
    return this.#received;
  }

  speak(audio: Uint8Array): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(soundMessage(this.#sent, audio));
    this.#sent += 1;
  }

  show(jpeg: Uint8Array): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(pictureMessage(jpeg));
  }

  ask(request: HandsetRequest): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(request));
  }

  close(): void {
    this.#isClosed = true;
    window.clearInterval(this.#pinging);
    this.#socket.close();
  }

  #connect(): WebSocket {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const query = new URLSearchParams({ call: this.#callSid, after: String(this.#lastNews) });
    const socket = new WebSocket(`${scheme}://${location.host}/api/phone/line?${query}`);
    socket.binaryType = 'arraybuffer';
    // Both sides count the frames of each connection from 0.
    this.#received = new FrameCount();
    this.#sent = 0;
    this.#pings.clear();
    socket.addEventListener('open', () => {
      this.#lostAtMs = null;
      this.#listener.onConnected(true);
    });
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) this.#hear(new Uint8Array(data));
      else if (typeof data === 'string') this.#read(data);
    });
    socket.addEventListener('close', ({ code }) => this.#closed(code));
    return socket;
  }

  #hear(bytes: Uint8Array): void {
    const message = readBinaryMessage(bytes);
    if (message?.kind !== 'sound') return;
    this.#received.take(message.number);
    this.#listener.onHeard(message.audio);
  }

  #read(text: string): void {
    const told: ServerText = JSON.parse(text);
    switch (told.type) {
      case 'figures':
        return this.#listener.onFigures(told);
      case 'pong':
        return this.#pong(told.id);
      default:
        this.#lastNews = told.number;
        return this.#listener.onNews(told);
    }
  }

  #closed(code: number): void {
    if (this.#isClosed) return;
    const words = lastCloses[code];
    if (words !== undefined) return this.#gone(words);
    const nowMs = performance.now();
    this.#lostAtMs ??= nowMs;
    this.#listener.onConnected(false);
    if (nowMs - this.#lostAtMs > backMsMax) {
      return this.#gone(
        'Parley does not answer any more. See whether it still runs (npm start), reload the page, and call again.',
      );
    }
    window.setTimeout(() => {
      if (!this.#isClosed) this.#socket = this.#connect();
    }, retryMs);
  }

  #gone(words: string | null): void {
    this.close();
    this.#listener.onGone(words);
  }

  #ping(): void {
    this.#pingId += 1;
    this.#pings.set(this.#pingId, performance.now());
    this.ask({ type: 'ping', id: this.#pingId });
  }

  #pong(id: number): void {
    const sentAtMs = this.#pings.get(id);
    this.#pings.clear();
    if (sentAtMs !== undefined) this.#listener.onRoundTrip(performance.now() - sentAtMs);
  }
}
