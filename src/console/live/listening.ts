import type { WebSocket } from 'ws';
import type { SoundTap, SoundTaps } from './picture/sound-taps.ts';

/** Some seconds of both sides. A listener who leaves so much unread is cut off, and may come again. */
const unreadBytesMax = 256 * 1024;

/** Whoever listens wants to hear one call; more of them at once would cost the calls too much. */
const listenersMax = 20;

/** Codes of a closing WebSocket: all is said, and come again later. */
const done = 1000;
const later = 1013;

/** The first byte of each message: whose sound follows, or that what was sent of the agent is never heard. */
const kinds = { caller: 0, agent: 1, cleared: 2 } as const;

/** Sends the sound of calls to those who listen in: a byte that says whose it is, then 8 kHz mu-law. */
export class Listening {
  readonly #sockets = new Set<WebSocket>();

  get listeners(): number {
    return this.#sockets.size;
  }

  /** Lets somebody hear a call from now on, until it is over or they leave. */
  begin(socket: WebSocket, taps: SoundTaps, nowMs: number): void {
    if (this.#sockets.size >= listenersMax) return socket.close(later, 'Too many are listening.');
    this.#sockets.add(socket);
    const end = taps.add(tapOf(socket), nowMs);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      end();
    });
  }
}

function tapOf(socket: WebSocket): SoundTap {
  const send = (kind: number, audio: Uint8Array): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > unreadBytesMax) return socket.terminate();
    const message = new Uint8Array(1 + audio.length);
    message[0] = kind;
    message.set(audio, 1);
    socket.send(message);
  };
  return {
    caller: (audio) => send(kinds.caller, audio),
    agent: (audio) => send(kinds.agent, audio),
    cleared: () => send(kinds.cleared, new Uint8Array()),
    close: () => socket.close(done),
  };
}
