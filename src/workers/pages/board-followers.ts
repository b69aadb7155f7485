import type { Board, BoardChange } from '../../console/live/board.ts';
import type { Clock, Timer } from '../../system/clock.ts';
import type { AskedWorker } from '../worker-team.ts';
import type { JoinedBoard } from './joined-board.ts';
import type { WorkerAsker } from './worker-asker.ts';

/** How often it is looked for a worker that is up again. */
const lookMs = 500;

/** A board of all calls that a worker may have is smaller. */
const eventCharsMax = 16 * 1024 * 1024;

/** Follows the boards of workers while somebody looks at them. */
export class BoardFollowers {
  readonly #board: JoinedBoard;
  readonly #asker: WorkerAsker;
  readonly #workers: () => readonly AskedWorker[];
  readonly #clock: Clock;
  /** Told when the board of a worker is no longer followed, so that its calls are not shown for ever. */
  readonly #onLost: () => void;
  /** What ends each of them. */
  readonly #followed = new Map<string, () => void>();
  #timer: Timer | null = null;

  constructor(parts: {
    readonly board: JoinedBoard;
    readonly asker: WorkerAsker;
    readonly workers: () => readonly AskedWorker[];
    readonly clock: Clock;
    readonly onLost: () => void;
  }) {
    this.#board = parts.board;
    this.#asker = parts.asker;
    this.#workers = parts.workers;
    this.#clock = parts.clock;
    this.#onLost = parts.onLost;
  }

  /** Begins, and resolves when each worker that is up has told its board, or has failed to. */
  async begin(): Promise<void> {
    this.#timer ??= this.#clock.lazily(lookMs, () => this.#look());
    await Promise.all(this.#unfollowed().map(async (worker) => this.#follow(worker)));
  }

  end(): void {
    this.#timer?.cancel();
    this.#timer = null;
    for (const leave of this.#followed.values()) leave();
    this.#followed.clear();
  }

  #look(): void {
    this.#timer = this.#clock.lazily(lookMs, () => this.#look());
    for (const worker of this.#unfollowed()) void this.#follow(worker);
  }

  #unfollowed(): readonly AskedWorker[] {
    return this.#workers().filter(({ instance }) => !this.#followed.has(instance));
  }

  async #follow({ instance, adminPort }: AskedWorker): Promise<void> {
    let isLeft = false;
    this.#followed.set(instance, () => (isLeft = true));
    const { promise, resolve } = Promise.withResolvers<void>();
    try {
      const answer = await this.#asker.ask({ port: adminPort, path: '/api/board/events', viewer: null });
      if (isLeft) return void answer.destroy();
      this.#followed.set(instance, () => answer.destroy());
      let rest = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => {
        const events = (rest + piece).split('\n\n');
        rest = events.pop() ?? '';
        if (rest.length > eventCharsMax) answer.destroy();
        for (const event of events) this.#take(instance, event);
        resolve();
      });
      answer.on('error', () => {});
      answer.once('close', () => {
        resolve();
        this.#board.end(instance);
        if (this.#followed.delete(instance)) this.#onLost();
      });
      await promise;
    } catch {
      this.#followed.delete(instance);
    }
  }

  #take(instance: string, event: string): void {
    const [, name, json] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? [];
    if (name === undefined || json === undefined) return;
    // What a worker tells is of this program.
    if (name === 'all') {
      const board: Board = JSON.parse(json);
      this.#board.begin(instance, board);
    } else {
      const change: BoardChange = JSON.parse(json);
      this.#board.take(instance, change);
    }
  }
}
