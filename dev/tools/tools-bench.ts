import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SiegeService } from '../siege/siege-service.ts';
import { TalkingCalls } from '../viewers/talking-calls.ts';
import { busyMs, type LoadSetup, type ToolLoad } from './tool-load.ts';

/** After a load is over, things calm down. A process that was ended is started again meanwhile. */
const settledMs = 2_000;

/** Files are looked at every two seconds and read when two looks agree, which takes some seconds more. */
const readMs = 12_000;

/** How long they may take in all: tool processes stand behind all others on a busy machine. And how often is asked. */
const overMsMax = 180_000;
const lookMs = 500;

/** How long frames of calls were on their way through Parley, both ways. */
export interface LoadSample {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How late the measuring process itself was: what the machine is to blame for. */
  readonly lateMs: number;
}

/** The service in a process of its own, calls that talk in another, and what tools do meanwhile. */
export class ToolsBench {
  readonly #folder: string;
  readonly #service: SiegeService;
  readonly #calls: TalkingCalls;
  readonly #setups: ReadonlyMap<ToolLoad, LoadSetup>;
  /** Loads so far, and tool calls. */
  #count = 0;
  #toolCalls = 0;

  private constructor(
    folder: string,
    service: SiegeService,
    calls: TalkingCalls,
    setups: ReadonlyMap<ToolLoad, LoadSetup>,
  ) {
    this.#folder = folder;
    this.#service = service;
    this.#calls = calls;
    this.#setups = setups;
  }

  /** Starts all of it and waits until so many calls talk. */
  static async start(loads: readonly ToolLoad[], count: number): Promise<ToolsBench> {
    const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
    const toolsFolder = join(folder, 'tools');
    mkdirSync(toolsFolder);
    const setups = new Map<ToolLoad, LoadSetup>();
    for (const [index, load] of loads.entries()) {
      const own = join(folder, String(index));
      mkdirSync(own);
      const setup = await load.prepare(own);
      setups.set(load, setup);
      for (const [name, text] of Object.entries(setup.tools ?? {})) writeFileSync(join(toolsFolder, name), text);
    }
    const calls = await TalkingCalls.start();
    const lookups = Object.assign({}, ...[...setups.values()].map((setup) => setup.lookups));
    const toolsFile = join(folder, 'tools.json');
    writeFileSync(toolsFile, JSON.stringify({ tools: lookups }));
    const settings = {
      TOOLS_DIR: toolsFolder,
      ...(Object.keys(lookups).length === 0 ? {} : { TOOLS_FILE: toolsFile }),
      ...Object.assign({}, ...[...setups.values()].map((setup) => setup.settings)),
    };
    const service = await SiegeService.start(calls.modelUrl, settings);
    await calls.place(service.port, count);
    return new ToolsBench(folder, service, calls, setups);
  }

  /** Measures the calls for so long under a load, or under none. */
  async measure(load: ToolLoad | null, spanMs: number): Promise<LoadSample> {
    const setup = load === null ? undefined : this.#setups.get(load);
    this.#count += 1;
    const last = setup?.begin?.(this.#count) ?? null;
    if (setup !== undefined) this.#calls.say(this.#toolCall(setup));
    const sample = await this.#calls.measure(Math.max(spanMs, last === null ? busyMs : readMs));
    if (setup !== undefined && sample.answers === 0) throw new Error(`${load?.name} did not end in time.`);
    if (setup !== undefined && last !== null) await this.#over(setup, last);
    await delay(settledMs);
    return sample;
  }

  /** Calls until an answer holds this. */
  async #over(setup: LoadSetup, last: string): Promise<void> {
    const untilMs = performance.now() + overMsMax;
    for (let answer = ''; !answer.includes(last);) {
      if (performance.now() > untilMs) throw new Error(`A load that was begun is not over: ${last}is not in ${answer}`);
      this.#calls.say(this.#toolCall(setup));
      ({ lastAnswer: answer } = await this.#calls.measure(lookMs));
    }
  }

  async stop(): Promise<void> {
    this.#calls.stop();
    await this.#service.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #toolCall({ call }: LoadSetup): string {
    this.#toolCalls += 1;
    const functionCall = { id: `load-${this.#toolCalls}`, name: call.tool, args: call.args(this.#count) };
    return JSON.stringify({ toolCall: { functionCalls: [functionCall] } });
  }
}
