import type { CallEffect } from '../../call/effects.ts';
import type { CallFact } from '../../call/events.ts';
import type { ServiceEffect, ServiceEvent } from '../world/service-machine.ts';
import { clearMessage, markMessage, mediaMessage, parseTwilioFrame } from '../../twilio/stream-messages.ts';

/** As in `src/twilio/media-handshake.ts`. */
const startMsMax = 5_000;
const framesBeforeStartMax = 5;

/** As in `src/twilio/media-stream.ts`. */
const lookMs = 1_000;
const quietLooksMax = 4;
const closeMsMax = 2_000;

type StreamOrder = Extract<CallEffect, { type: 'stream.media' | 'stream.mark' | 'stream.clear' }>;
type StreamNews = Extract<
  ServiceEvent,
  { type: 'stream.opened' | 'stream.received' | 'stream.ponged' | 'stream.closed' }
>;

type Socket =
  | { readonly state: 'awaitingStart'; readonly untilMs: number; readonly frames: number }
  | { readonly state: 'attached'; lookAtMs: number; quietLooks: number }
  /** We closed our side; the connection is cut when the closing handshake takes too long. */
  | { readonly state: 'closing'; readonly untilMs: number };

/** The media sockets of a call in virtual time: the rules of `src/twilio/media-handshake.ts` and `media-socket.ts`. */
export class StreamLine {
  readonly #sockets = new Map<string, Socket>();
  readonly #claim: (callSid: string, token: string) => boolean;
  #attached: string | null = null;

  /** `claim` says whether a start message brings the token of the stream that was asked for. */
  constructor(claim: (callSid: string, token: string) => boolean) {
    this.#claim = claim;
  }

  get deadlineMs(): number | null {
    let earliestMs: number | null = null;
    for (const socket of this.#sockets.values()) {
      const atMs = socket.state === 'attached' ? socket.lookAtMs : socket.untilMs;
      if (earliestMs === null || atMs < earliestMs) earliestMs = atMs;
    }
    return earliestMs;
  }

  send(order: StreamOrder): ServiceEffect[] {
    const streamSid = this.#attached;
    if (streamSid === null) return [];
    switch (order.type) {
      case 'stream.media':
        return [{ type: 'stream.send', streamSid, text: mediaMessage(streamSid, order.audio) }];
      case 'stream.mark':
        return [{ type: 'stream.send', streamSid, text: markMessage(streamSid, order.name) }];
      case 'stream.clear':
        return [{ type: 'stream.send', streamSid, text: clearMessage(streamSid) }];
    }
  }

  /** Closes the stream of the call, if there is one. */
  close(code: number, atMs: number): ServiceEffect[] {
    const streamSid = this.#attached;
    this.#attached = null;
    return streamSid === null ? [] : this.#closeSocket(streamSid, code, atMs);
  }

  /** Takes what a socket brings. Returns what must be sent, and what the call must be told. */
  take(news: StreamNews, atMs: number): { effects: ServiceEffect[]; facts: readonly CallFact[] } {
    const { streamSid } = news;
    const socket = this.#sockets.get(streamSid);
    if (socket?.state === 'attached') socket.quietLooks = 0;
    if (news.type === 'stream.opened') {
      this.#sockets.set(streamSid, { state: 'awaitingStart', untilMs: atMs + startMsMax, frames: 0 });
    } else if (news.type === 'stream.closed') {
      this.#sockets.delete(streamSid);
      if (streamSid === this.#attached) return told({ type: 'stream.closed', code: news.code });
    } else if (news.type === 'stream.ponged') {
      return { effects: [], facts: [] };
    } else if (socket?.state === 'awaitingStart') {
      return this.#awaitStart(streamSid, socket.frames + 1, socket.untilMs, news.data, atMs);
    } else if (streamSid === this.#attached) {
      return told(factOf(news.data, streamSid));
    }
    return { effects: [], facts: [] };
  }

  expire(atMs: number): { effects: ServiceEffect[]; facts: readonly CallFact[] } {
    const effects: ServiceEffect[] = [];
    const facts: CallFact[] = [];
    for (const [streamSid, socket] of this.#sockets) {
      if (socket.state === 'awaitingStart' && socket.untilMs <= atMs) {
        effects.push(...this.#closeSocket(streamSid, 1008, atMs));
      } else if (socket.state === 'closing' && socket.untilMs <= atMs) {
        this.#sockets.delete(streamSid);
        effects.push({ type: 'stream.drop', streamSid });
      } else if (socket.state === 'attached' && socket.lookAtMs <= atMs) {
        if (socket.quietLooks < quietLooksMax) {
          if (socket.quietLooks > 0) effects.push({ type: 'stream.ping', streamSid });
          socket.quietLooks += 1;
          socket.lookAtMs = atMs + lookMs;
          continue;
        }
        this.#sockets.delete(streamSid);
        effects.push({ type: 'stream.drop', streamSid });
        if (streamSid === this.#attached) facts.push({ type: 'stream.closed', code: 1006 });
      }
    }
    return { effects, facts };
  }

  #awaitStart(
    streamSid: string,
    frames: number,
    untilMs: number,
    data: string | Uint8Array,
    atMs: number,
  ): { effects: ServiceEffect[]; facts: readonly CallFact[] } {
    const message = typeof data === 'string' ? parseTwilioFrame(data, null) : null;
    if (message?.type !== 'start') {
      this.#sockets.set(streamSid, { state: 'awaitingStart', untilMs, frames });
      return { effects: frames >= framesBeforeStartMax ? this.#closeSocket(streamSid, 1008, atMs) : [], facts: [] };
    }
    if (!this.#claim(message.callSid, message.customParameters.token ?? '')) {
      return { effects: this.#closeSocket(streamSid, 1008, atMs), facts: [] };
    }
    const effects = this.close(1000, atMs);
    this.#attached = message.streamSid;
    this.#sockets.set(streamSid, { state: 'attached', lookAtMs: atMs + lookMs, quietLooks: 0 });
    return { effects, facts: [{ type: 'stream.started', streamSid: message.streamSid }] };
  }

  #closeSocket(streamSid: string, code: number, atMs: number): ServiceEffect[] {
    if (!this.#sockets.has(streamSid)) return [];
    this.#sockets.set(streamSid, { state: 'closing', untilMs: atMs + closeMsMax });
    return [{ type: 'stream.close', streamSid, code }];
  }
}

function factOf(data: string | Uint8Array, streamSid: string): CallFact {
  if (typeof data !== 'string') return { type: 'stream.frameRejected', fault: 'stream.frameBinary' };
  const message = parseTwilioFrame(data, streamSid);
  if (message.type === 'connected' || message.type === 'start') {
    return { type: 'stream.frameRejected', fault: 'stream.frameInvalid' };
  }
  return message;
}

function told(fact: CallFact): { effects: ServiceEffect[]; facts: readonly CallFact[] } {
  return { effects: [], facts: [fact] };
}
