import type { Response } from 'express';
import { sessionOf } from './viewer.ts';

/** A viewer who leaves so much unread has stalled, and comes back when it can. */
const unreadBytesMax = 1024 * 1024;

/** Proxies cut what is silent for a minute. */
const beatMs = 15_000;

/** How long a browser waits before it connects again. */
const retryMs = 2_000;

/** Events for one viewer, as Server-Sent Events. A viewer that does not read is cut, and nothing waits for it. */
export class EventStream {
  readonly #response: Response;

  constructor(response: Response) {
    this.#response = response;
  }

  get isOpen(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }

  /** Sends an event with data, which becomes JSON. */
  send(name: string, data: unknown): void {
    this.sendBytes(eventBytes(name, JSON.stringify(data)));
  }

  /** Sends an event that `eventBytes` has made, so that what many viewers get is made once. */
  sendBytes(event: Uint8Array): void {
    this.#write(event);
  }

  /** Keeps the connection from being taken for dead. */
  beat(): void {
    this.#write(':\n\n');
  }

  /** Calls `closed` once, when the viewer has gone or was cut. */
  onClose(closed: () => void): void {
    this.#response.once('close', closed);
  }

  close(): void {
    this.#response.end();
  }

  #write(text: string | Uint8Array): void {
    if (!this.isOpen) return;
    if (this.#response.writableLength > unreadBytesMax) this.#response.destroy();
    else this.#response.write(text);
  }
}

/** An event as it is sent. `json`: its data, in one line. */
export function eventBytes(name: string, json: string): Uint8Array {
  return Buffer.from(`event: ${name}\ndata: ${json}\n\n`);
}

/** Begins a stream of events as the answer to a request. It ends with the session of the viewer. */
export function sendEvents(response: Response): EventStream {
  response.status(200).set({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
  response.write(`retry: ${retryMs}\n\n`);
  const stream = new EventStream(response);
  const beats = setInterval(() => stream.beat(), beatMs).unref();
  const forget = sessionOf(response.req).onEnd(() => stream.close());
  stream.onClose(() => {
    clearInterval(beats);
    forget();
  });
  return stream;
}
