import { isDeepStrictEqual } from 'node:util';
import { PlaceWatch } from '../../admin-file/place-watch.ts';
import type { Clock } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import type { Tool } from '../../tools/tool.ts';
import { type DeclaredTools, noDeclaredTools } from '../declared-tools.ts';
import { type LaneLimits, type OpenedLane, type OpenedTool, ToolLane } from '../tool-lane.ts';
import type { ToolLaneName, ToolSource } from '../tool-source.ts';

/** How often the place is looked at. Whoever saves several files is done between two looks that see the same. */
const lookMs = 1_000;

/** Where tools are declared: a folder of programs, or a file. */
export interface ToolsPlace {
  /** What tells one state of the place from another. Never rejects. */
  readonly print: () => Promise<string>;
  /** What it declares in this moment. Never rejects. */
  readonly read: () => Promise<DeclaredTools>;
}

/** What the model can do, as far as it is declared somewhere. */
export interface Offer {
  readonly tools: readonly OpenedTool[];
  /** The names of all that is declared, also of what is not there at the moment. */
  readonly names: readonly string[];
  /** The names of what the model runs itself, to search the web. */
  readonly searches: readonly string[];
}

/** Takes an offer in the place of the one before, or says why it cannot. */
export type TakeOffer = (offer: Offer) => readonly string[];

/** What a group is made of. */
export interface GroupParts {
  readonly place: ToolsPlace;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits?: LaneLimits;
}

/** A process, what it was told to open, and what it offers at the moment. */
interface Running {
  readonly name: ToolLaneName;
  readonly lane: ToolLane;
  readonly sources: readonly ToolSource[];
  tools: readonly OpenedTool[];
}

/**
 * The tools that are declared in one place, in the processes that they need. When the place changes, what it declares then is opened in
 * processes beside those that answer, so that what cannot be opened changes nothing. Processes for which nothing has changed go on, and runs
 * that are on end where they began.
 */
export class ToolGroup {
  readonly #parts: GroupParts;
  readonly #watch: PlaceWatch;
  readonly #retiring = new Set<ToolLane>();
  #running: readonly Running[] = [];
  #declared: DeclaredTools = noDeclaredTools;
  /** The tools of the processes that answer, by name. */
  #tools: ReadonlyMap<string, Tool> = new Map();
  #take: TakeOffer | null = null;
  /** Something changed before anybody wanted to know. */
  #isBehind = false;
  #isClosed = false;

  constructor(parts: GroupParts) {
    this.#parts = parts;
    this.#watch = new PlaceWatch(
      {
        print: parts.place.print,
        changed: async (print) => this.#reload(print),
        // A fault of ours: no call suffers from it.
        broke: (error) => parts.log.error({ err: error }, 'toolsReloadBroke'),
      },
      { clock: parts.clock, lookMs, stillMs: lookMs },
    );
  }

  get offer(): Offer {
    return this.#offerOf(this.#running, this.#declared);
  }

  /** Opens what is declared. To be called once. */
  async open(): Promise<OpenedLane> {
    this.#watch.know(await this.#parts.place.print());
    const declared = await this.#parts.place.read();
    const { running, warnings, problems } = await this.#openAll(declared);
    this.#use(running, declared);
    return { tools: this.offer.tools, warnings, problems: [...declared.problems, ...problems] };
  }

  /** Begins to look for changes. To be called once, after `open`. */
  watch(take: TakeOffer): void {
    this.#take = take;
    if (this.#isBehind) this.#handOn();
    this.#watch.start();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watch.close();
    const lanes = [...this.#running.map(({ lane }) => lane), ...this.#retiring];
    await Promise.all(lanes.map(async (lane) => lane.close()));
  }

  async #reload(print: string): Promise<void> {
    // What was tried is not tried again, whatever becomes of it.
    this.#watch.know(print);
    const declared = await this.#parts.place.read();
    if (declared.problems.length > 0) return this.#keep(declared.problems);
    const { running, warnings, problems } = await this.#openAll(declared);
    const kept = this.#isClosed || problems.length > 0 ? problems : this.#offerTo(this.#offerOf(running, declared));
    if (this.#isClosed || kept.length > 0) {
      if (!this.#isClosed) this.#keep(kept);
      return this.#closeAll(running.filter((one) => !this.#running.includes(one)));
    }
    const before = this.#running.filter((one) => !running.includes(one));
    this.#use(running, declared);
    for (const warning of warnings) this.#parts.log.warn({ warning }, 'configuration');
    this.#tellTaken();
    await Promise.all(before.map(async (one) => this.#retire(one)));
  }

  /** Opens what has to be opened for this, beside what is open. */
  async #openAll({ sources }: DeclaredTools) {
    const opened = await Promise.all([...sources].map(async ([name, wanted]) => this.#openOne(name, wanted)));
    return {
      running: opened.map(({ running }) => running),
      warnings: opened.flatMap(({ warnings }) => warnings),
      problems: opened.flatMap(({ problems }) => problems),
    };
  }

  async #openOne(name: ToolLaneName, sources: readonly ToolSource[]) {
    const same = this.#running.find((one) => one.name === name && isSame(one.sources, sources));
    if (same !== undefined) return { running: same, warnings: [], problems: [] };
    const { clock, log, limits } = this.#parts;
    const onOffers = (tools: readonly OpenedTool[]): void => this.#offers(running, tools);
    const lane = new ToolLane({ name, sources, clock, log, onOffers, ...(limits === undefined ? {} : { limits }) });
    const running: Running = { name, lane, sources, tools: [] };
    const { tools, warnings, problems } = await lane.open();
    running.tools = tools;
    return { running, warnings, problems };
  }

  /** A process offers other tools than before. */
  #offers(running: Running, tools: readonly OpenedTool[]): void {
    const before = running.tools;
    running.tools = tools;
    if (!this.#running.includes(running)) return;
    if (this.#take === null) this.#isBehind = true;
    else if (!this.#handOn()) running.tools = before;
    this.#tools = byName(this.#running);
  }

  /** Hands on what there is. Returns whether it was taken. */
  #handOn(): boolean {
    const problems = this.#offerTo(this.offer);
    if (problems.length > 0) this.#keep(problems);
    else this.#tellTaken();
    return problems.length === 0;
  }

  #offerOf(running: readonly Running[], { names, searches }: DeclaredTools): Offer {
    const tools = this.#lasting(running);
    return {
      tools,
      names: [...new Set([...names, ...tools.map(({ tool }) => tool.name)])],
      searches: searches.map(({ name }) => name),
    };
  }

  #offerTo(offer: Offer): readonly string[] {
    return this.#take?.(offer) ?? [];
  }

  #use(running: readonly Running[], declared: DeclaredTools): void {
    this.#running = running;
    this.#declared = declared;
    this.#tools = byName(running);
  }

  #keep(problems: readonly string[]): void {
    this.#parts.log.warn({ problems }, 'toolsKept');
  }

  #tellTaken(): void {
    const { tools, searches } = this.offer;
    this.#parts.log.info({ tools: [...tools.map(({ tool }) => tool.name), ...searches] }, 'toolsTaken');
  }

  async #retire({ lane }: Running): Promise<void> {
    this.#retiring.add(lane);
    await lane.retire();
    this.#retiring.delete(lane);
  }

  async #closeAll(running: readonly Running[]): Promise<void> {
    await Promise.all(running.map(async ({ lane }) => lane.close()));
  }

  /** Tools that outlive their process: a call keeps those that it began with, and runs what there is by that name. */
  #lasting(running: readonly Running[]): OpenedTool[] {
    return toolsOf(running).map(({ tool, from }) => ({
      from,
      tool: { ...tool, run: async (args, context) => this.#heirOf(tool).run(args, context) },
    }));
  }

  /** What a live call knows of a tool, such as that it only reads, must hold for the one that is run in its place. */
  #heirOf(tool: Tool): Tool {
    const heir = this.#tools.get(tool.name);
    const { effect, confirm } = tool;
    return heir !== undefined && heir.effect === effect && heir.confirm === confirm ? heir : tool;
  }
}

function toolsOf(running: readonly Running[]): readonly OpenedTool[] {
  return running.flatMap(({ tools }) => tools);
}

function byName(running: readonly Running[]): ReadonlyMap<string, Tool> {
  return new Map(toolsOf(running).map(({ tool }) => [tool.name, tool]));
}

/** Of a folder of programs nobody can say that it is the same, and of lookups only what the file says of them counts. */
function isSame(before: readonly ToolSource[], after: readonly ToolSource[]): boolean {
  return after.every(({ type }) => type === 'lookup') && isDeepStrictEqual(before, after);
}
