import type { CallFact } from '../../src/call/events.ts';
import { type ModelSession, openModelSession, type SessionDrivers } from '../../src/gemini/live-session.ts';
import type { Sdk } from '../../src/gemini/sdk.ts';
import type { AgentSetup } from '../../src/gemini/setup.ts';
import { SimulatedSdk } from '../../src/sim/driver/simulated-sdk.ts';
import { VirtualClock } from '../../src/sim/driver/virtual-clock.ts';
import { VirtualSocket } from '../../src/sim/driver/virtual-socket.ts';
import { LogLines } from '../log-lines.ts';
import { passTime } from '../virtual-time.ts';
import { recordedAgent } from '../wire-fixtures.ts';

/** The answer to a setup. */
export const setupComplete = '{"setupComplete":{}}';

/** A connection to the model, from the model's end. */
interface Connection {
  readonly socket: VirtualSocket;
  closeCode: number | null;
  isCut: boolean;
}

/** Sessions in virtual time, on connections that a test handles. */
export class SessionBench {
  readonly clock = new VirtualClock(0);
  readonly log = new LogLines();
  readonly connections: Connection[] = [];
  readonly sent: object[] = [];
  readonly #drivers: SessionDrivers;
  #ids = 0;

  constructor(sdk?: Sdk) {
    this.#drivers = {
      sdk: sdk ?? new SimulatedSdk('wss://model.example', () => (message) => void this.sent.push(message)),
      clock: this.clock,
      randomness: { token: () => '', uniqueId: () => `id-${(this.#ids += 1)}`, fraction: () => 0.5 },
      connect: (_url, _headers, listener) => {
        const socket = new VirtualSocket('connecting', this.clock, {
          send: () => {},
          ping: () => {},
          close: (code) => (connection.closeCode = code),
          drop: () => (connection.isCut = true),
        });
        const connection: Connection = { socket, closeCode: null, isCut: false };
        socket.listen(listener);
        this.connections.push(connection);
        return socket;
      },
    };
  }

  opens(after: ModelSession | null = null, agent: AgentSetup = recordedAgent, handle: string | null = null) {
    const facts: CallFact[] = [];
    const order = { handle, recap: null, after };
    const session = openModelSession(this.#drivers, agent, order, (fact) => void facts.push(fact), this.log.logger);
    return { session, facts };
  }

  /** A session whose setup was answered. */
  answered(agent?: AgentSetup) {
    const opened = this.opens(null, agent);
    const connection = this.latest;
    connection.socket.opened();
    connection.socket.received(setupComplete, false);
    return { ...opened, connection };
  }

  get latest(): Connection {
    const connection = this.connections.at(-1);
    if (connection === undefined) throw new RangeError('There is no connection.');
    return connection;
  }

  passes(ms: number): void {
    passTime(this.clock, ms);
  }
}
