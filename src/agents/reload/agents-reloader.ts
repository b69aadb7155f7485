import { isDeepStrictEqual } from 'node:util';
import { ParleyError } from '../../errors.ts';
import type { Clock, Timer } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import type { AgentBook } from '../agent-book.ts';
import type { AgentProfile } from '../agent-profile.ts';
import type { Agents } from '../open-agents.ts';
import { filePrint } from '../../admin-file/file-print.ts';
import { FolderWatch } from './folder-watch.ts';
import { readSettled } from './settled-read.ts';

/** How often the files are looked at, whatever a watch says: some file systems tell nothing of what others write. */
const lookMs = 2_000;

/** Whoever saves several files, or one in several pieces, is done in this time. */
const stillMs = 200;

/** So many problems are told one by one; the rest follow from them. */
const problemsMax = 50;

/** What a reloader is made of. */
export interface ReloaderParts {
  readonly agents: Agents;
  /** Makes the next calls take these agents. Throws a ParleyError if one of them cannot answer a call; then nothing has changed. */
  readonly take: (book: AgentBook) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What is wrong with files that changed: calls go on with the agents before. */
export interface AgentsState {
  readonly problems: readonly string[];
}

/** Keeps the agents of a service as their files say. A file that is wrong changes nothing, and is read again when it changes. */
export class AgentsReloader {
  readonly #parts: ReloaderParts;
  readonly #watch: FolderWatch;
  #book: AgentBook;
  #files: readonly string[];
  #print: string;
  #problems: readonly string[] = [];
  #timer: Timer | null = null;
  #isLooking = false;
  #isClosed = false;

  /** Begins to watch. Without files there is nothing to do. */
  constructor(parts: ReloaderParts) {
    const { book, read } = parts.agents;
    this.#parts = parts;
    this.#book = book;
    this.#files = read.files;
    this.#print = read.print;
    this.#watch = new FolderWatch(() => this.#schedule(stillMs));
    if (read.files.length === 0) return;
    this.#watch.follow(this.#files);
    this.#schedule(lookMs);
  }

  get state(): AgentsState {
    return { problems: this.#problems };
  }

  /** What was refused is read once more, because what it names may be there by now. */
  tryAgain(): void {
    if (this.#problems.length === 0) return;
    this.#print = '';
    this.#schedule(stillMs);
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#watch.close();
  }

  /** The next look comes so soon. What happens during a look is seen by that look, or by the one after it. */
  #schedule(ms: number): void {
    if (this.#isClosed || this.#isLooking) return;
    this.#timer?.cancel();
    this.#timer = this.#parts.clock.lazily(ms, () => void this.#lookSafely());
  }

  /** A fault of ours in here is logged, and no call suffers from it. */
  async #lookSafely(): Promise<void> {
    this.#isLooking = true;
    let nextMs = lookMs;
    try {
      nextMs = await this.#look();
    } catch (error) {
      this.#parts.log.error({ err: error }, 'agentsReloadBroke');
    }
    this.#isLooking = false;
    this.#schedule(nextMs);
  }

  /** Looks at the files, and reads them if they are other than before. Returns when to look again. */
  async #look(): Promise<number> {
    const print = await filePrint(this.#files);
    if (print === this.#print) return lookMs;
    // A file that is being written is left alone until it is whole.
    await new Promise<void>((resolve) => void this.#parts.clock.lazily(stillMs, resolve));
    if ((await filePrint(this.#files)) !== print) return stillMs;
    await this.#readAgain();
    return lookMs;
  }

  async #readAgain(): Promise<void> {
    const { book, problems, warnings, files, print } = await readSettled(this.#parts.agents.source, this.#files);
    if (this.#isClosed) return;
    this.#print = print;
    this.#files = files;
    this.#watch.follow(files);
    if (book === null) this.#refuse(problems);
    else this.#take(book, warnings);
  }

  #take(book: AgentBook, warnings: readonly string[]): void {
    const { take, log } = this.#parts;
    const before = this.#book.agents;
    try {
      take(book);
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      return this.#refuse(error.message.split('\n'));
    }
    this.#book = book;
    this.#problems = [];
    for (const warning of warnings) log.warn({ warning }, 'configuration');
    log.info(changesOf(before, book.agents), 'agentsReloaded');
  }

  #refuse(problems: readonly string[]): void {
    const { log } = this.#parts;
    this.#problems = problems.slice(0, problemsMax);
    for (const problem of this.#problems) log.warn({ fault: 'agents.fileInvalid', problem }, 'agentsRefused');
  }
}

function changesOf(before: readonly AgentProfile[], after: readonly AgentProfile[]): object {
  const known = new Map(before.map((profile) => [profile.name, profile]));
  const names = new Set(namesOf(after));
  return {
    agents: [...names],
    changed: namesOf(after.filter((one) => known.has(one.name) && !isDeepStrictEqual(known.get(one.name), one))),
    added: namesOf(after.filter(({ name }) => !known.has(name))),
    removed: namesOf(before.filter(({ name }) => !names.has(name))),
  };
}

function namesOf(profiles: readonly AgentProfile[]): string[] {
  return profiles.map(({ name }) => name);
}
