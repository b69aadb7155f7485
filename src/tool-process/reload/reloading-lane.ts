import type { Timer } from '../../system/clock.ts';
import type { Tool } from '../../tools/tool.ts';
import { type LaneParts, type OpenedLane, type OpenedTool, ToolLane } from '../tool-lane.ts';
import { folderPrint } from './folder-print.ts';

/** How often the folder is looked at. Whoever saves several files is done between two looks that see the same. */
const lookMs = 1_000;

/** Takes tools in the place of those before, or says why it cannot. */
export type TakeTools = (tools: readonly OpenedTool[]) => readonly string[];

/**
 * The tools of a folder, which are loaded again when its files change: in a process beside the one that answers, so that what does not load
 * changes nothing. Runs that are on end where they began.
 */
export class ReloadingLane {
  readonly #parts: LaneParts;
  readonly #folder: string;
  #lane: ToolLane;
  #retiring: ToolLane | null = null;
  /** Those of the process that answers, by name. */
  #tools: ReadonlyMap<string, Tool> = new Map();
  /** The state of the folder that was loaded, or that was tried, and the one that was seen last. */
  #triedPrint = '';
  #seenPrint = '';
  #timer: Timer | null = null;
  #isClosed = false;

  constructor(parts: LaneParts, folder: string) {
    this.#parts = parts;
    this.#folder = folder;
    this.#lane = new ToolLane(parts);
  }

  async open(): Promise<OpenedLane> {
    this.#triedPrint = await folderPrint(this.#folder);
    const opened = await this.#lane.open();
    this.#tools = byName(opened.tools);
    return { ...opened, tools: this.#lasting(opened.tools) };
  }

  /** Begins to look for changes. To be called once, after `open`. */
  watch(take: TakeTools): void {
    this.#timer = this.#parts.clock.lazily(lookMs, () => void this.#look(take));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await Promise.all([this.#lane.close(), this.#retiring?.close()]);
  }

  async #look(take: TakeTools): Promise<void> {
    const print = await folderPrint(this.#folder);
    const isStill = print === this.#seenPrint;
    this.#seenPrint = print;
    if (isStill && print !== this.#triedPrint && !this.#isClosed) await this.#reload(print, take);
    if (!this.#isClosed) this.watch(take);
  }

  async #reload(print: string, take: TakeTools): Promise<void> {
    const { name, log } = this.#parts;
    this.#triedPrint = print;
    const next = new ToolLane(this.#parts);
    const opened = await next.open();
    if (this.#isClosed) return next.close();
    const problems = opened.problems.length > 0 ? opened.problems : take(this.#lasting(opened.tools));
    if (problems.length > 0) {
      log.warn({ lane: name, problems }, 'toolsKept');
      return next.close();
    }
    const before = this.#lane;
    this.#lane = next;
    this.#tools = byName(opened.tools);
    log.info({ lane: name, tools: [...this.#tools.keys()] }, 'toolsTaken');
    this.#retiring = before;
    await before.retire();
    this.#retiring = null;
  }

  /** Tools that outlive their process: a call keeps those that it began with, and runs what there is by that name. */
  #lasting(tools: readonly OpenedTool[]): OpenedTool[] {
    return tools.map(({ tool, from }) => ({
      from,
      tool: { ...tool, run: async (args, context) => (this.#tools.get(tool.name) ?? tool).run(args, context) },
    }));
  }
}

function byName(tools: readonly OpenedTool[]): ReadonlyMap<string, Tool> {
  return new Map(tools.map(({ tool }) => [tool.name, tool]));
}
