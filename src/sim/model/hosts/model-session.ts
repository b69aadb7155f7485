import type { RawData, WebSocket } from 'ws';
import { parseJson } from '../../../encoding/json.ts';
import { messageText } from '../outbox.ts';
import type { ModelEffect } from '../outbox.ts';
import type { ModelEvent, SimulatedModel } from '../simulated-model.ts';
import type { SessionReport } from '../session-report.ts';
import type { Violation } from '../violation-list.ts';

/** One message or close on the socket. `atMs` is on the clock of `performance.now()`. */
export interface TimelineEntry {
  readonly atMs: number;
  readonly from: 'client' | 'service';
  /** Parsed JSON, the text of a frame that is not JSON, or `{ close: { code, reason } }`. */
  readonly message: unknown;
}

/** Entries kept: a phone call of five minutes has about 20,000, nearly all of them the caller's audio. */
const timelineMax = 50_000;
/** Pings that wait for their answer; a client sends one in some seconds. */
const pongsMax = 100;

/** Puts the machine on a real socket: one timer, binary frames (GM-FRAME-1), and a record of both directions for assertions. */
export class SocketSession {
  readonly #webSocket: WebSocket;
  readonly #model: SimulatedModel;
  readonly #timeline: TimelineEntry[] = [];
  readonly #pongs = new Set<NodeJS.Timeout>();
  #timer: NodeJS.Timeout | undefined;

  constructor(webSocket: WebSocket, model: SimulatedModel) {
    this.#webSocket = webSocket;
    this.#model = model;
    webSocket.on('message', (data) => this.#receive(data));
    webSocket.on('ping', (data) => this.#answerPing(data));
    webSocket.on('close', (code, reason) => {
      this.#note('client', { close: { code, reason: reason.toString() } });
      for (const timer of this.#pongs) clearTimeout(timer);
      this.#handle({ type: 'socket.closed' });
    });
    // A broken connection is followed by 'close', which is all the machine has to know.
    webSocket.on('error', () => webSocket.terminate());
  }

  /** Both directions, in order. */
  get timeline(): readonly TimelineEntry[] {
    return this.#timeline;
  }

  get violations(): readonly Violation[] {
    return this.#model.violations;
  }

  /** The first message of the client, null before it came. */
  get setup(): unknown {
    return this.#timeline.find(({ from }) => from === 'client')?.message ?? null;
  }

  /** The caller's audio as it arrived: PCM16. */
  audioReceived(): Uint8Array {
    return this.#model.audioReceived();
  }

  /** What the session was told and what became of it. */
  report(): SessionReport {
    return this.#model.report();
  }

  /** Tells the machine that the socket is open. */
  open(apiVersion: string, apiKey: string | null): void {
    this.#handle({ type: 'socket.opened', apiVersion, apiKey });
  }

  #receive(data: RawData): void {
    const text = Buffer.isBuffer(data) ? data.toString() : '';
    const message = parseJson(text);
    this.#note('client', message ?? text);
    this.#handle({ type: 'message.received', message });
  }

  /** GM-PING-1: no reason to think the connection dead. */
  #answerPing(data: Buffer): void {
    if (this.#pongs.size >= pongsMax) return;
    const timer = setTimeout(() => {
      this.#pongs.delete(timer);
      if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.pong(data);
    }, this.#model.pongMs);
    this.#pongs.add(timer);
  }

  #handle(event: ModelEvent): void {
    for (const effect of this.#model.handle(event, performance.now())) this.#perform(effect);
    clearTimeout(this.#timer);
    const deadlineMs = this.#model.nextDeadline();
    if (deadlineMs === null) return;
    this.#timer = setTimeout(() => this.#handle({ type: 'tick' }), Math.max(0, deadlineMs - performance.now()));
  }

  #perform(effect: ModelEffect): void {
    switch (effect.type) {
      case 'message.send':
        return this.#send(messageText(effect.message), effect.message);
      case 'text.send':
        return this.#send(effect.text, parseJson(effect.text) ?? effect.text);
      case 'socket.close':
        this.#note('service', { close: effect.close });
        return this.#webSocket.close(effect.close.code, effect.close.reason);
      case 'socket.drop':
        return this.#webSocket.terminate();
    }
  }

  #send(text: string, message: unknown): void {
    this.#note('service', message);
    this.#webSocket.send(Buffer.from(text), { binary: true });
  }

  #note(from: TimelineEntry['from'], message: unknown): void {
    if (this.#timeline.length < timelineMax) this.#timeline.push({ atMs: performance.now(), from, message });
  }
}
