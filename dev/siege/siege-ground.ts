import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { AttackerModel, ModelEnd } from './attacker-model.ts';
import { SiegeLine } from './siege-line.ts';
import type { SiegeService } from './siege-service.ts';

/** How often an attack acts: often enough to be even, seldom enough to leave the machine to others. */
const stepMs = 10;

/** What may be open at a time: more than any service takes from one address, fewer than this machine has. */
const openMax = 800;

/** What waits to be sent on one socket. An attack that is not read stops, or it would fill its own memory. */
const waitingBytesMax = 4 * 1024 * 1024;

/** What one attack works with. Whatever it opens is cut when its time is up. */
export class SiegeGround {
  readonly service: SiegeService;
  readonly #model: AttackerModel;
  readonly #beginsMs = performance.now();
  readonly #lastsMs: number;
  readonly #sockets = new Set<Socket>();
  readonly #media = new Set<WebSocket>();
  readonly #lines = new Set<SiegeLine>();

  constructor(service: SiegeService, model: AttackerModel, lastsMs: number) {
    this.service = service;
    this.#model = model;
    this.#lastsMs = lastsMs;
  }

  get isOver(): boolean {
    return performance.now() - this.#beginsMs >= this.#lastsMs || !this.service.isAlive;
  }

  /** Acts so often in each second until the time is up. What is missed is not made up for: a burst would be another attack. */
  async every(perSecond: number, act: (count: number) => unknown): Promise<void> {
    const stepsMax = Math.max(1, Math.ceil((3 * stepMs * perSecond) / 1000));
    let lastMs = performance.now();
    let due = 1;
    for (let count = 0; !this.isOver;) {
      for (; due >= 1; due -= 1) void act(count++);
      await delay(stepMs);
      const nowMs = performance.now();
      due = Math.min(stepsMax, due + ((nowMs - lastMs) * perSecond) / 1000);
      lastMs = nowMs;
    }
  }

  /** Resolves when the time is up. */
  async end(): Promise<void> {
    while (!this.isOver) await delay(stepMs);
  }

  /** A connection to the service, whose answers are read and dropped. When too many are open, the oldest one is cut. */
  connect(): Socket {
    const [oldest] = this.#sockets;
    if (this.#sockets.size >= openMax) oldest?.destroy();
    const socket = connect({ host: '127.0.0.1', port: this.service.port, allowHalfOpen: true });
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // Being thrown out is what an attacker must expect.
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.end());
    socket.resume();
    return socket;
  }

  /** Sends bytes on a connection of their own. */
  send(bytes: string | Uint8Array): void {
    this.connect().write(bytes);
  }

  /** Sends more on a connection, unless the service has stopped reading it. */
  push(socket: Socket, bytes: string | Uint8Array): void {
    if (socket.writable && socket.writableLength < waitingBytesMax) socket.write(bytes);
  }

  /** Sends a frame on a WebSocket, unless the service has stopped reading it or has closed it. */
  say(socket: WebSocket, message: string | Uint8Array): void {
    if (socket.readyState === socket.OPEN && socket.bufferedAmount < waitingBytesMax) socket.send(message);
  }

  /** A signed media socket that has said nothing yet; null when it is refused. */
  async socket(line = this.line()): Promise<WebSocket | null> {
    return this.#kept(line.openSocket());
  }

  /** The attacker's own call, which Twilio signs for, with its media stream; null when it is refused. */
  async call(line = this.line()): Promise<{ readonly line: SiegeLine; readonly socket: WebSocket } | null> {
    if (!(await line.dial())) return null;
    const socket = await this.#kept(line.openStream());
    return socket === null ? null : { line, socket };
  }

  /** A call that is not placed yet. */
  line(): SiegeLine {
    const line = new SiegeLine(this.service.port);
    this.#lines.add(line);
    return line;
  }

  /**
   * Keeps one call of the attacker's going, and plays its model: `behave` gets each session that Parley opens. When Parley ends the call, the
   * attacker calls again.
   */
  async asModel(
    behave: (session: ModelEnd) => void,
    withStream: (socket: WebSocket) => void = () => {},
  ): Promise<void> {
    this.#model.behave = behave;
    let socket: WebSocket | null = null;
    while (!this.isOver) {
      if (socket?.readyState !== 1) {
        socket = (await this.call())?.socket ?? null;
        if (socket !== null) withStream(socket);
      }
      await delay(20 * stepMs);
    }
  }

  /** Plays the model of the attacker's own call, which says something so often in each second. */
  async modelSays(perSecond: number, say: (count: number) => string | Uint8Array): Promise<void> {
    await this.asModel((session) => {
      session.answerSetup();
      void this.every(perSecond, (count) => this.say(session.socket, say(count)));
    });
  }

  /** Cuts all that is open, and hangs up call after call: Twilio would not report the end of all of them in one moment. */
  async leave(): Promise<void> {
    this.service.readAgain();
    for (const socket of this.#sockets) socket.destroy();
    for (const socket of this.#media) socket.terminate();
    for (const line of this.#lines) if (this.service.isAlive) await line.hangUp();
    this.#model.cutAll();
  }

  async #kept(opening: Promise<WebSocket>): Promise<WebSocket | null> {
    try {
      const socket = await opening;
      this.#media.add(socket);
      socket.on('close', () => this.#media.delete(socket));
      return socket;
    } catch {
      // A socket that is refused is a defence, and no failure of the attack.
      return null;
    }
  }
}
