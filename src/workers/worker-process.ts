import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { LivingProcess } from '../fleet/lease.ts';
import type { Clock, Timer } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import type { WorkerState } from './route.ts';
import type { WorkerNews, WorkerOrder } from './worker-news.ts';

/** A start takes a second, and some on a busy machine. */
const startMsMax = 60_000;

/** How long what is meant for a worker that starts may wait: less than the 15 s that Twilio waits (TW-HOOK-2). */
const waitMsMax = 14_000;

/** All callers of a worker that died ask within a second or two. */
const waitingMax = 1_000;

/** Connections on their way to a worker. One that takes none for so long stands still. */
const handingMax = 1_000;

/** A worker tells of itself once a second. One that has been silent for so long stands still, and gets no new calls. */
const silentMsMax = 3_000;

/** One that is silent at so many looks in a row is ended, and its calls go on in the next one. A machine that was suspended has not looked. */
const lookMs = 1_000;
const silentLooksMax = 15;

/** The calls of a worker that died wait for the next one. Only one that dies again and again has to wait, ever longer. */
const restartMs = [0, 250, 1_000, 4_000, 10_000];

/** A worker that was up for so long did not die of its start. */
const wellMs = 60_000;

/** What ends when a worker stops takes so long beside its calls. */
const leaveMsMax = 20_000;

/** What a worker is made of. */
export interface WorkerProcessParts {
  readonly instance: string;
  readonly callsMax: number;
  /** Starts its process. */
  readonly fork: () => ChildProcess;
  readonly clock: Clock;
  readonly log: Logger;
  /** It has told which calls are in its journal or have begun. */
  readonly onCalls: (callSids: readonly string[]) => void;
}

/** One of several processes that answer calls, started again whenever it ends. */
export class WorkerProcess {
  readonly #parts: WorkerProcessParts;
  readonly #waiting = new Map<Socket, { readonly start: Uint8Array; readonly timer: Timer }>();
  /** Connections that are on their way to it. */
  readonly #handing = new Set<Socket>();
  #child: ChildProcess | null = null;
  #startTimer: Timer | null = null;
  #lookTimer: Timer | null = null;
  #silentLooks = 0;
  #phase: WorkerState['phase'] = 'starting';
  #isStopping = false;
  #adminPort: number | null = null;
  #load = { taken: 0, isOpen: false };
  #living: readonly LivingProcess[] = [];
  #heardAtMs = 0;
  #upAtMs = 0;
  /** Calls that it was given since it last told of its load. */
  #given = 0;
  #deaths = 0;
  #settled: (() => void)[] = [];

  constructor(parts: WorkerProcessParts) {
    this.#parts = parts;
  }

  get state(): WorkerState {
    const { instance, callsMax } = this.#parts;
    if (this.isSilent) return { instance, phase: this.#phase, room: 0, toldRoom: -1 };
    const toldRoom = this.#load.isOpen ? Math.max(0, callsMax - this.#load.taken) : 0;
    return { instance, phase: this.#phase, room: Math.max(0, toldRoom - this.#given), toldRoom };
  }

  /** Whether it has told nothing of itself for longer than one that works. */
  get isSilent(): boolean {
    return this.#parts.clock.nowMs() - this.#heardAtMs >= silentMsMax;
  }

  /** Where its pages are; null while it is not up, or has none. */
  get adminPort(): number | null {
    return this.#phase === 'up' ? this.#adminPort : null;
  }

  /** The processes of the fleet that live, by its last word; none while it is not up. */
  get living(): readonly LivingProcess[] {
    return this.#phase === 'up' ? this.#living : [];
  }

  /** How often it was started. */
  get lives(): number {
    return this.#deaths + 1;
  }

  /** Starts it. Resolves when it is up or has ended for the first time: to whether it is up. */
  async start(): Promise<boolean> {
    if (this.#isStopping) return false;
    const settled = this.#nextSettled();
    this.#fork();
    await settled;
    return this.#phase === 'up';
  }

  /** Has it answer on a connection of which this much was read. It gets what has waited when it is up. */
  give(socket: Socket, start: Uint8Array, isNewCall: boolean): void {
    if (this.#phase === 'up') return this.#send(socket, start, isNewCall);
    if (this.#phase === 'gone' || this.#waiting.size >= waitingMax) return void socket.destroy();
    const timer = this.#parts.clock.after(waitMsMax, () => socket.destroy());
    this.#waiting.set(socket, { start, timer });
    socket.once('close', () => {
      timer.cancel();
      this.#waiting.delete(socket);
    });
  }

  /** Lets its calls go on for so long and leaves the rest, in bounded time. Resolves when it has ended. */
  async stop(drainMsMax: number): Promise<void> {
    const { clock } = this.#parts;
    this.#isStopping = true;
    this.#startTimer?.cancel();
    const child = this.#child;
    if (child === null) return this.#end();
    const ended = this.#nextSettled();
    const cut = clock.after(drainMsMax + leaveMsMax, () => child.kill('SIGKILL'));
    if (child.connected) child.send({ order: 'stop', drainMsMax } satisfies WorkerOrder);
    await ended;
    cut.cancel();
  }

  #fork(): void {
    const { clock, instance, log } = this.#parts;
    this.#phase = 'starting';
    const child = this.#forked();
    if (child === null) return this.#ended(null, null);
    this.#child = child;
    log.info({ instance, pid: child.pid }, 'workerStarted');
    this.#startTimer = clock.after(startMsMax, () => child.kill('SIGKILL'));
    child.on('message', (news: WorkerNews) => this.#hear(news));
    child.on('error', (error) => {
      log.error({ instance, err: error }, 'workerFailed');
      // Of a process that never was, there is no end.
      if (child.pid === undefined) this.#ended(null, null);
    });
    child.once('exit', (code, signal) => this.#ended(code, signal));
  }

  /** A machine that has no room for another process may have some later. */
  #forked(): ChildProcess | null {
    const { fork, instance, log } = this.#parts;
    try {
      return fork();
    } catch (error) {
      log.error({ instance, err: error }, 'workerFailed');
      return null;
    }
  }

  /** Ends one that stands still: nobody else can go on with its calls while it lives. */
  #look(): void {
    const { clock, instance, log } = this.#parts;
    this.#lookTimer = clock.after(lookMs, () => {
      this.#silentLooks += 1;
      if (this.#silentLooks < silentLooksMax) return this.#look();
      log.error({ instance }, 'workerStill');
      this.#child?.kill('SIGKILL');
    });
  }

  #hear(news: WorkerNews): void {
    const { clock, onCalls } = this.#parts;
    this.#heardAtMs = clock.nowMs();
    this.#silentLooks = 0;
    if (news.news === 'load') {
      this.#given = 0;
      this.#living = news.living ?? this.#living;
      this.#load = { taken: news.taken, isOpen: news.noRoom === null };
      return onCalls(news.begun);
    }
    this.#startTimer?.cancel();
    this.#adminPort = news.adminPort;
    this.#upAtMs = clock.nowMs();
    this.#phase = 'up';
    this.#load = { taken: 0, isOpen: true };
    this.#look();
    onCalls(news.calls);
    this.#settle();
    for (const [socket, { start, timer }] of this.#waiting) {
      timer.cancel();
      this.#send(socket, start, false);
    }
    this.#waiting.clear();
  }

  #send(socket: Socket, start: Uint8Array, isNewCall: boolean): void {
    if (this.#handing.size >= handingMax) return void socket.destroy();
    if (isNewCall) this.#given += 1;
    this.#handing.add(socket);
    const order: WorkerOrder = { order: 'answer', start };
    // Kept open until it is sent, and closed here: of one that is on its way to a worker that dies, Node would never close its end.
    this.#child?.send(order, socket, { keepOpen: true }, () => {
      this.#handing.delete(socket);
      socket.destroy();
    });
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    const { clock, instance, log } = this.#parts;
    this.#startTimer?.cancel();
    this.#lookTimer?.cancel();
    this.#silentLooks = 0;
    this.#child = null;
    // Node tells nothing of those that it had not handed over yet. Who has asked asks again.
    for (const socket of this.#handing) socket.destroy();
    this.#handing.clear();
    this.#load = { taken: 0, isOpen: false };
    this.#given = 0;
    if (this.#isStopping) return this.#end();
    const wasWell = this.#phase === 'up' && clock.nowMs() - this.#upAtMs >= wellMs;
    this.#phase = 'starting';
    this.#settle();
    const afterMs = wasWell ? 0 : (restartMs[Math.min(this.#deaths, restartMs.length - 1)] ?? 0);
    this.#deaths = wasWell ? 1 : this.#deaths + 1;
    log.error({ instance, code, signal, restartMs: afterMs }, 'workerEnded');
    this.#startTimer = clock.after(afterMs, () => this.#fork());
  }

  #end(): void {
    this.#phase = 'gone';
    for (const socket of this.#waiting.keys()) socket.destroy();
    this.#settle();
  }

  /** Resolves when it is up or has ended, whichever is next. */
  async #nextSettled(): Promise<void> {
    return new Promise((resolve) => this.#settled.push(resolve));
  }

  #settle(): void {
    for (const resolve of this.#settled.splice(0)) resolve();
  }
}
