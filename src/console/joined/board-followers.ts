import type { IncomingMessage } from 'node:http';
import { isBoard, isBoardChange } from '../live/board-shape.ts';
import type { FeedViewer } from '../live/feed.ts';
import type { Clock, Timer } from '../../system/clock.ts';
import { parseJson } from '../../encoding/json.ts';
import { within } from '../../system/within.ts';
import { type AskedPages, askPages, silentMsMax, whyRefused } from './ask-pages.ts';
import type { JoinedBoard } from './joined-board.ts';

/** How often it is looked for pages that are there again, or have gone. */
const lookMs = 500;

/** How long a viewer waits for boards before those that are there are shown. */
const beginMsMax = 1_000;

/** A board of all calls that a process may have is smaller. */
const eventCharsMax = 16 * 1024 * 1024;

/** The calls of this process itself, if it has any. */
export interface OwnBoard {
  /** As it is called among the others. */
  readonly name: string;
  /** Makes the board whole, in bounded time; none where it always is. */
  readonly begin?: () => Promise<void>;
  /** Shows somebody the board until what it returns is called. */
  readonly watch: (viewer: FeedViewer) => () => void;
}

/** Whose boards are followed, and what is told of it. */
export interface BoardFollowersParts {
  readonly board: JoinedBoard;
  readonly own: OwnBoard | null;
  readonly others: () => readonly AskedPages[];
  readonly clock: Clock;
  /** Told when a board is there or gone as a whole: what has changed is more than some calls. */
  readonly onOther: () => void;
}

/** Follows the boards of several processes while somebody looks at them. */
export class BoardFollowers {
  readonly #parts: BoardFollowersParts;
  /** What ends each of them, by name. */
  readonly #followed = new Map<string, () => void>();
  /** Why the board of each is not there, in words. */
  readonly #failures = new Map<string, string>();
  #timer: Timer | null = null;

  constructor(parts: BoardFollowersParts) {
    this.#parts = parts;
  }

  /** Why boards that should be there are not, by the name of each. */
  get failures(): ReadonlyMap<string, string> {
    return this.#failures;
  }

  /** Begins, and resolves when each board was told or has failed, in bounded time. */
  async begin(): Promise<void> {
    const own = this.#beginOwn();
    this.#timer ??= this.#parts.clock.lazily(lookMs, () => this.#look());
    const others = this.#unfollowed().map(async (pages) => this.#follow(pages));
    await within(Promise.all([own, ...others]), beginMsMax);
    for (const { name } of this.#parts.others())
      if (!this.#parts.board.has(name) && !this.#failures.has(name))
        this.#failures.set(name, 'They have not answered yet.');
  }

  end(): void {
    this.#timer?.cancel();
    this.#timer = null;
    for (const leave of this.#followed.values()) leave();
    for (const name of this.#followed.keys()) this.#parts.board.end(name);
    this.#followed.clear();
    this.#failures.clear();
  }

  #look(): void {
    this.#timer = this.#parts.clock.lazily(lookMs, () => this.#look());
    this.#leaveGone();
    this.#followOwn();
    for (const pages of this.#unfollowed()) void this.#follow(pages);
  }

  /** A process that is known to be gone may have left its connection open. */
  #leaveGone(): void {
    const { own, others } = this.#parts;
    const names = new Set([own?.name, ...others().map(({ name }) => name)]);
    for (const [name, leave] of this.#followed) if (!names.has(name)) leave();
    for (const name of this.#failures.keys()) if (!names.has(name)) this.#failures.delete(name);
  }

  #unfollowed(): readonly AskedPages[] {
    return this.#parts.others().filter(({ name }) => !this.#followed.has(name));
  }

  async #beginOwn(): Promise<void> {
    const begun = this.#parts.own?.begin?.();
    // A board that is always whole is followed before anybody waits: the first look has it.
    if (begun !== undefined) await begun;
    this.#followOwn();
    // Nobody looks any more: what has begun ends.
    if (begun !== undefined && this.#timer === null) this.end();
  }

  #followOwn(): void {
    const { own } = this.#parts;
    if (own === null || this.#followed.has(own.name)) return;
    let unwatch: (() => void) | null = null;
    const leave = (): void => {
      unwatch?.();
      this.#lost(own.name, leave, null);
    };
    this.#followed.set(own.name, leave);
    unwatch = own.watch({
      sendBytes: (event) => void this.#take(own.name, Buffer.from(event).toString().trimEnd()),
      close: leave,
    });
  }

  async #follow(pages: AskedPages): Promise<void> {
    const { name } = pages;
    const left = new AbortController();
    const leave = (): void => left.abort();
    this.#followed.set(name, leave);
    let why: string | null = `They do not answer at ${pages.origin}.`;
    try {
      const answer = await askPages(pages, { path: '/api/board/events', viewer: null });
      left.signal.addEventListener('abort', () => answer.destroy());
      if (left.signal.aborted) answer.destroy();
      else if (answer.statusCode === 200) {
        why = null;
        return await new Promise<void>((told) => this.#read(name, answer, leave, told));
      } else
        why = (await whyRefused(answer, pages)) ?? `They answer with status ${answer.statusCode} at ${pages.origin}.`;
    } catch {
      // Why, is said already.
    }
    this.#lost(name, leave, why);
  }

  /** Reads a board as long as it comes. `told` is called when it is there, or will not be. */
  #read(name: string, answer: IncomingMessage, leave: () => void, told: () => void): void {
    let rest = '';
    let why: string | null = null;
    let silence = this.#parts.clock.lazily(silentMsMax, leave);
    answer.setEncoding('utf8');
    answer.on('data', (piece: string) => {
      silence.cancel();
      silence = this.#parts.clock.lazily(silentMsMax, leave);
      const events = (rest + piece).split('\n\n');
      rest = events.pop() ?? '';
      const areRead = rest.length <= eventCharsMax && events.every((event) => this.#take(name, event));
      if (!areRead) {
        why = 'They tell what this version of Parley does not read.';
        leave();
      }
      if (this.#parts.board.has(name)) told();
    });
    answer.on('error', () => {});
    answer.once('close', () => {
      silence.cancel();
      this.#lost(name, leave, why);
      told();
    });
  }

  /** Does nothing for one who has left already, whose place another may have. */
  #lost(name: string, leave: () => void, why: string | null): void {
    if (this.#followed.get(name) !== leave) return;
    this.#followed.delete(name);
    if (why !== null) this.#failures.set(name, why);
    if (this.#parts.board.end(name)) this.#parts.onOther();
  }

  /** Whether it can be read. Another version may tell something else. */
  #take(name: string, event: string): boolean {
    const { board, onOther } = this.#parts;
    const [, kind, json] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? [];
    if (kind === undefined || json === undefined) return true;
    const told = parseJson(json);
    if (kind === 'change') {
      if (!isBoardChange(told)) return false;
      board.take(name, told);
    } else {
      if (!isBoard(told)) return false;
      this.#failures.delete(name);
      board.begin(name, told);
      onOther();
    }
    return true;
  }
}
