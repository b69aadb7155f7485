import { fork } from 'node:child_process';
import type { Socket } from 'node:net';
import type { LivingProcess } from '../fleet/lease.ts';
import { systemClock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import { paths } from '../twilio/paths.ts';
import { CallOwners } from './call-owners.ts';
import { roomiest, routeOf } from './route.ts';
import { WorkerProcess } from './worker-process.ts';
import type { WorkerSettings } from './worker-settings.ts';
import type { TakenConnection } from './workers-door.ts';

/** What is asked about the whole is answered here while no worker can. A target may be any word, so this is no object. */
const alone: ReadonlyMap<string, string> = new Map([
  ['/healthz', 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok'],
  ['/readyz', 'HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 7\r\n\r\nunready'],
]);

/** Whoever has asked reads the answer and closes, or is gone. */
const readMsMax = 2_000;

/** Calls that are remembered: more than those of a day. */
const rememberedMax = 20_000;

/** A worker tells of a call a tenth of a second after it was given it. */
const givenMax = 1_000;

/** A worker whose pages can be asked. */
export interface AskedWorker {
  readonly instance: string;
  readonly adminPort: number;
}

/** The workers, and who of them has which call. */
export class WorkerTeam {
  readonly #workers: readonly WorkerProcess[];
  /** Calls that workers have told of. */
  readonly #owners = new CallOwners(rememberedMax);
  /** Calls that were given to workers: it is not known yet whether they are calls at all, since anybody may ask. */
  readonly #given = new CallOwners(givenMax);

  constructor(settings: readonly WorkerSettings[], log: Logger) {
    this.#workers = settings.map(
      ({ instance, callsMax, variables }, at) =>
        new WorkerProcess({
          instance,
          callsMax,
          fork: () =>
            fork(process.argv[1] ?? '', [], { env: { ...process.env, ...variables }, serialization: 'advanced' }),
          clock: systemClock,
          log,
          onCalls: (callSids) => {
            for (const callSid of callSids) this.#owners.note(callSid, at);
          },
        }),
    );
  }

  /** Those whose pages can be asked at the moment. One that stands still would keep the others waiting. */
  get asked(): readonly AskedWorker[] {
    return this.#workers.flatMap((worker) => (worker.isSilent ? [] : (asked(worker) ?? [])));
  }

  /** What all of them are called. */
  get instances(): readonly string[] {
    return this.#workers.map(({ state }) => state.instance);
  }

  /** The processes of the fleet that live, these as well, as one of them knows it. */
  get living(): readonly LivingProcess[] {
    return this.#workers.find(({ isSilent, living }) => !isSilent && living.length > 0)?.living ?? [];
  }

  /** Those that are up and stand still. */
  get silent(): readonly string[] {
    return this.#workers
      .filter(({ isSilent, state }) => isSilent && state.phase === 'up')
      .map(({ state }) => state.instance);
  }

  /** Starts the first, and then the others. Resolves to whether the first came up: what keeps one from starting keeps all. */
  async start(): Promise<boolean> {
    const [first, ...others] = this.#workers;
    if ((await first?.start()) !== true) return false;
    await Promise.all(others.map(async (worker) => worker.start()));
    return true;
  }

  /** Has each let its calls go on for so long and leave the rest. Resolves when all have ended, in bounded time. */
  async stop(drainMsMax: number): Promise<void> {
    await Promise.all(this.#workers.map(async (worker) => worker.stop(drainMsMax)));
  }

  /** Gives a connection to the worker whose it is. Whether calls are taken, the one answers that would get the next. */
  give({ socket, start, bytes }: TakenConnection): void {
    const { callSid, target } = start;
    const isNewCall = callSid !== null && this.#ownerOf(callSid) === null && target.startsWith(paths.voice);
    const at = routeOf(start, this.#states, (ofCall) => this.#ownerOf(ofCall));
    const answer = alone.get(target);
    if (at === null && answer !== undefined) return answerAlone(socket, answer);
    const worker = this.#workers[at ?? 0];
    if (worker === undefined) return void socket.destroy();
    if (isNewCall) this.#given.note(callSid, at ?? 0);
    worker.give(socket, bytes, isNewCall);
  }

  /** The worker that has a call; null when none is known, or when it is not up. */
  ownerOf(callSid: string): AskedWorker | null {
    return this.#at(this.#ownerOf(callSid));
  }

  /** The worker that the next call would get. */
  next(): AskedWorker | null {
    return this.#at(roomiest(this.#states));
  }

  /** A worker has got a call that did not come by the door. */
  note(callSid: string, { instance }: AskedWorker): void {
    const at = this.#states.findIndex((state) => state.instance === instance);
    if (at >= 0) this.#owners.note(callSid, at);
  }

  /** How often a worker was started. */
  livesOf(instance: string): number {
    return this.#workers.find(({ state }) => state.instance === instance)?.lives ?? 0;
  }

  #ownerOf(callSid: string): number | null {
    return this.#owners.of(callSid) ?? this.#given.of(callSid);
  }

  get #states() {
    return this.#workers.map(({ state }) => state);
  }

  #at(at: number | null): AskedWorker | null {
    const worker = at === null ? undefined : this.#workers[at];
    return worker === undefined ? null : asked(worker);
  }
}

function asked({ adminPort, state: { instance } }: WorkerProcess): AskedWorker | null {
  return adminPort === null ? null : { instance, adminPort };
}

/** What is left of the request is read, because a connection that is closed before may lose the answer. */
function answerAlone(socket: Socket, answer: string): void {
  const tooLate = setTimeout(() => socket.destroy(), readMsMax);
  socket.once('close', () => clearTimeout(tooLate));
  socket.once('end', () => socket.destroy());
  socket.resume().end(answer);
}
