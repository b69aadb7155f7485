import type { Connect } from '../../system/socket.ts';
import type { ServiceEffect } from '../world/service-machine.ts';
import type { SendMessage } from './simulated-sdk.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { VirtualSocket } from './virtual-socket.ts';

/** What the connections of one service to the model are made of. */
interface ModelSocketsParts {
  readonly clock: VirtualClock;
  readonly apiKey: string;
  /** Numbers the connections, over all services. */
  readonly newConnection: () => number;
  readonly order: (effect: ServiceEffect) => void;
}

/** The connections of one service to the model, as links of the world. */
export class ModelSockets {
  readonly #parts: ModelSocketsParts;
  readonly #sockets = new Map<number, VirtualSocket>();
  #latest = 0;

  constructor(parts: ModelSocketsParts) {
    this.#parts = parts;
  }

  /** That of a session. */
  of(session: number): VirtualSocket | undefined {
    return this.#sockets.get(session);
  }

  readonly connect: Connect = (_url, _headers, listener) => {
    const { clock, apiKey, newConnection, order } = this.#parts;
    const session = newConnection();
    const socket = new VirtualSocket('connecting', clock, {
      send: () => {},
      ping: () => {},
      close: () => order({ type: 'model.close', session }),
      drop: () => order({ type: 'model.drop', session }),
    });
    socket.listen(listener);
    this.#sockets.set(session, socket);
    this.#latest = session;
    order({ type: 'model.connect', session, apiVersion: 'v1beta', apiKey });
    return socket;
  };

  /** What sends on the connection that was made last. */
  sender(): SendMessage {
    const session = this.#latest;
    const socket = this.#sockets.get(session);
    return (message) => {
      if (socket?.isOpen === true) this.#parts.order({ type: 'model.send', session, message });
    };
  }

  /** So much waits in a connection that takes nothing any more. */
  choke(session: number, waitingBytes: number): void {
    const socket = this.#sockets.get(session);
    if (socket !== undefined) socket.waitingBytes = waitingBytes;
  }
}
