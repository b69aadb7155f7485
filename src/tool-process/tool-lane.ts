import { isDeepStrictEqual } from 'node:util';
import { ParleyError } from '../errors.ts';
import { type Clock, type Timer, whenever } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import type { Tool } from '../tools/tool.ts';
import { type OfferedTool, type OpenRun, OpenRuns } from './open-runs.ts';
import type { OpenedSources, ProcessNews } from './process-messages.ts';
import { thrownError } from './thrown-error.ts';
import { ProcessThread } from './process-thread.ts';
import type { ToolLaneName, ToolSource } from './tool-source.ts';

/** How long a process may take for what. */
export interface LaneLimits {
  /** Until it is ready, from the last time that it said what it opens. */
  readonly openMs: number;
  /** What a run may take beyond its time before the process is asked whether it still lives. */
  readonly graceMs: number;
  /** Until it says that it does. */
  readonly pingMs: number;
  /** Before it is started again, at first; each time twice as long. */
  readonly pauseMs: number;
}

/** A lookup may take a minute to open, and says then itself what it has waited for. A busy machine answers a ping within a second. */
export const usualLimits: LaneLimits = { openMs: 70_000, graceMs: 1_000, pingMs: 2_000, pauseMs: 250 };

/** Whoever mends a server wants its lookups back soon. */
const pauseMsMax = 30_000;

/** A process that has lived so long has not died of its start. */
const soundMs = 60_000;

/** Connections are closed within this, and a process that does not do it is ended. */
const endMsMax = 2_000;

/** The longest run may have begun just now (`toolMsMax` in `src/tools/tool.ts`), and be overdue at its end. */
const retireMsMax = 35_000;
const retireLookMs = 250;

/** Lines that a process writes while no run is on, such as of an index that is made again. */
const ownLinesMax = 1_000;

/** A tool, and the file or entry that it comes from. */
export interface OpenedTool {
  readonly tool: Tool;
  readonly from: string;
}

/** What came of opening. Of what has problems, nothing may be used. */
export interface OpenedLane {
  readonly tools: readonly OpenedTool[];
  readonly warnings: readonly string[];
  readonly problems: readonly string[];
}

/** What a lane is made of. */
export interface LaneParts {
  readonly name: ToolLaneName;
  readonly sources: readonly ToolSource[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits?: LaneLimits;
  /** Told of all tools of the process when they are others than before. Nobody asks unless given. */
  readonly onOffers?: (tools: readonly OpenedTool[]) => void;
}

type LaneState =
  | { readonly is: 'closed' }
  | { readonly is: 'opening'; readonly what: string; readonly deadline: Timer }
  | { readonly is: 'open'; readonly sinceMs: number }
  /** It was asked whether it lives. */
  | { readonly is: 'asked'; readonly sinceMs: number; readonly deadline: Timer }
  /** It is gone and will be started again. */
  | { readonly is: 'pausing'; readonly deadline: Timer };

/**
 * A tool process that is there whenever it is needed: it is started, asked whether it lives, ended when it does not, and started again, with
 * growing pauses. What it does wrong hurts the runs that it had, and nobody else.
 */
export class ToolLane {
  readonly #parts: LaneParts;
  readonly #limits: LaneLimits;
  readonly #runs: OpenRuns;
  readonly #process: ProcessThread;
  #state: LaneState = { is: 'closed' };
  /** Waits for the first opening. */
  #first: ((opened: OpenedLane) => void) | null = null;
  /** What the process offers, as it declared it. */
  #offered: OpenedSources['tools'] = [];
  #deathsInRow = 0;
  #ownLines = 0;

  constructor(parts: LaneParts) {
    this.#parts = parts;
    this.#limits = parts.limits ?? usualLimits;
    const { name, log } = parts;
    this.#process = new ProcessThread(name, {
      onNews: (news) => this.#hear(news),
      onGone: (how) => this.#lose(how),
      onLine: ({ level, event, fields }) => log[level]({ lane: name, ...fields }, event),
    });
    const lane = {
      send: (run: OpenRun) => this.#sendRun(run),
      cancel: (id: number) => this.#process.tell({ order: 'cancel', id }),
      onOverdue: () => this.#ask(),
    };
    this.#runs = new OpenRuns(lane, parts.clock, this.#limits.graceMs);
  }

  /** The process, as long as there is one. */
  get pid(): number | null {
    return this.#process.pid;
  }

  /** Starts the process and opens the sources in it. To be called once. What cannot be opened is told as problems, in bounded time. */
  async open(): Promise<OpenedLane> {
    const opened = new Promise<OpenedLane>((resolve) => {
      this.#first = resolve;
    });
    this.#start();
    return opened;
  }

  /** Lets the runs that are on come to their end, and then closes it. */
  async retire(): Promise<void> {
    await new Promise<void>((resolve) => {
      whenever(this.#parts.clock, () => this.#runs.isEmpty, retireLookMs, retireMsMax, resolve);
    });
    await this.close();
  }

  /** Ends the process in order, or by force. Runs that are still on fail. */
  async close(): Promise<void> {
    this.#enter({ is: 'closed' });
    this.#runs.interrupt('Parley is stopping', 'all');
    await this.#process.end(endMsMax);
  }

  #start(): void {
    this.#ownLines = 0;
    this.#opens('its program');
    this.#process.start();
    this.#process.tell({ order: 'open', sources: this.#parts.sources });
  }

  #hear(news: ProcessNews): void {
    switch (news.news) {
      case 'opening':
        return this.#opens(news.what);
      case 'opened':
        return this.#opened(news);
      case 'offers':
        return this.#offers(news.tools);
      case 'line':
        return this.#write(news);
      case 'done':
        return this.#runs.end(news.id, { result: news.result });
      case 'failed':
        return this.#runs.end(news.id, { error: thrownError(news.error) });
      case 'uncaught':
        return this.#parts.log.warn(
          {
            lane: this.#parts.name,
            err: thrownError(news.error),
            ends: news.ends,
            pii: { message: news.error.message },
          },
          'toolThrewUncaught',
        );
      case 'pong':
        return this.#lives();
    }
  }

  #opens(what: string): void {
    const deadline = this.#parts.clock.lazily(this.#limits.openMs, () =>
      this.#process.kill(`nothing came of it for ${this.#limits.openMs / 1_000} s`),
    );
    this.#enter({ is: 'opening', what, deadline });
  }

  #opened({ tools, warnings, problems }: OpenedSources): void {
    const { name, clock, log } = this.#parts;
    this.#enter({ is: 'open', sinceMs: clock.nowMs() });
    const first = this.#first;
    this.#first = null;
    if (first !== null) {
      this.#offered = tools;
      first({ tools: this.#toolsOf(tools), warnings, problems });
    } else {
      log.info({ lane: name, problems }, 'toolProcessOpen');
      // What cannot be opened at the moment may come back as the process does, and is missed when it is asked.
      if (problems.length === 0) this.#offers(tools);
    }
    this.#runs.sendAll();
  }

  #offers(tools: OpenedSources['tools']): void {
    if (isDeepStrictEqual(tools, this.#offered)) return;
    this.#offered = tools;
    this.#parts.onOffers?.(this.#toolsOf(tools));
  }

  #toolsOf(tools: OpenedSources['tools']): OpenedTool[] {
    return tools.map(({ from, ...declared }) => ({ from, tool: this.#toolOf(declared) }));
  }

  /** The tool as the calls know it. Arguments are checked where it runs. */
  #toolOf(declared: OfferedTool): Tool {
    return {
      ...declared,
      run: async (args, context) => {
        if (this.#state.is !== 'closed') return this.#runs.start(declared, args, context);
        throw new ParleyError('tool.failed', `The tool ${declared.name} is not there any more. Tell the caller so.`);
      },
    };
  }

  #sendRun({ id, tool, args, run }: OpenRun): boolean {
    if (this.#state.is !== 'open' && this.#state.is !== 'asked') return false;
    this.#process.tell({ order: 'run', id, tool: tool.name, args, call: run.call, key: run.key });
    return true;
  }

  /** Asks the process whether it lives. One that is in a loop does not answer, and is ended. */
  #ask(): void {
    if (this.#state.is !== 'open') return;
    const deadline = this.#parts.clock.lazily(this.#limits.pingMs, () => this.#process.kill('no answer'));
    this.#enter({ is: 'asked', sinceMs: this.#state.sinceMs, deadline });
    this.#process.tell({ order: 'ping' });
  }

  #lives(): void {
    if (this.#state.is !== 'asked') return;
    this.#enter({ is: 'open', sinceMs: this.#state.sinceMs });
    this.#runs.giveUp();
  }

  /** The process is gone. */
  #lose(how: string): void {
    const { name, clock, log } = this.#parts;
    const state = this.#state;
    this.#runs.interrupt('its process ended', 'sent');
    if (this.#first !== null) {
      this.#enter({ is: 'closed' });
      const what = state.is === 'opening' ? state.what : 'its tools';
      this.#first({ tools: [], warnings: [], problems: [`${what} cannot be opened: its process ended (${how}).`] });
      return;
    }
    const isSound = 'sinceMs' in state && clock.nowMs() - state.sinceMs >= soundMs;
    this.#deathsInRow = isSound ? 1 : this.#deathsInRow + 1;
    const pauseMs = Math.min(pauseMsMax, this.#limits.pauseMs * 2 ** (this.#deathsInRow - 1));
    this.#enter({ is: 'pausing', deadline: clock.lazily(pauseMs, () => this.#start()) });
    log.warn({ lane: name, how, was: state.is, deathsInRow: this.#deathsInRow, pauseMs }, 'toolProcessGone');
  }

  #write({ id, event, fields }: Extract<ProcessNews, { news: 'line' }>): void {
    if (id !== null) return this.#runs.runOf(id)?.log(event, fields);
    this.#ownLines += 1;
    if (this.#ownLines <= ownLinesMax) this.#parts.log.info({ lane: this.#parts.name, ...fields }, event);
  }

  #enter(state: LaneState): void {
    if ('deadline' in this.#state) this.#state.deadline.cancel();
    this.#state = state;
  }
}
