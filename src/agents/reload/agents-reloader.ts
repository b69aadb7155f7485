import { isDeepStrictEqual } from 'node:util';
import { ParleyError } from '../../errors.ts';
import type { Clock } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import type { AgentBook } from '../agent-book.ts';
import type { AgentProfile } from '../agent-profile.ts';
import type { Agents } from '../open-agents.ts';
import { filePrint } from '../../admin-file/file-print.ts';
import { PlaceWatch } from '../../admin-file/place-watch.ts';
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
  readonly #folders: FolderWatch;
  readonly #watch: PlaceWatch;
  #book: AgentBook;
  #files: readonly string[];
  #problems: readonly string[] = [];
  /** What files name may have changed since the last reading began. */
  #isOutdated = false;
  #isClosed = false;

  /** Begins to watch. Without files there is nothing to do. */
  constructor(parts: ReloaderParts) {
    const { book, read } = parts.agents;
    this.#parts = parts;
    this.#book = book;
    this.#files = read.files;
    this.#watch = new PlaceWatch(
      {
        print: async () => filePrint(this.#files),
        changed: async () => this.#readAgain(),
        // A fault of ours: no call suffers from it.
        broke: (error) => parts.log.error({ err: error }, 'agentsReloadBroke'),
      },
      { clock: parts.clock, lookMs, stillMs },
    );
    this.#watch.know(read.print);
    this.#folders = new FolderWatch(() => this.#watch.hint());
    if (read.files.length === 0) return;
    this.#folders.follow(this.#files);
    this.#watch.start();
  }

  get state(): AgentsState {
    return { problems: this.#problems };
  }

  /** What was refused, or is about to be, is read once more, because what it names may be there by now. */
  tryAgain(): void {
    this.#isOutdated = true;
    if (this.#problems.length === 0) return;
    this.#watch.know(null);
    this.#watch.hint();
  }

  close(): void {
    this.#isClosed = true;
    this.#watch.close();
    this.#folders.close();
  }

  async #readAgain(): Promise<void> {
    this.#isOutdated = false;
    const { book, problems, warnings, files, print } = await readSettled(this.#parts.agents.source, this.#files);
    if (this.#isClosed) return;
    this.#watch.know(book === null && this.#isOutdated ? null : print);
    this.#files = files;
    this.#folders.follow(files);
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
