import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SiegeService } from '../siege/siege-service.ts';
import { TalkingCalls } from '../viewers/talking-calls.ts';
import { busyMs, type LoadSetup, type ToolLoad } from './tool-load.ts';

/** After a load is over, things calm down. A process that was ended is started again meanwhile. */
const settledMs = 2_000;

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
  #count = 0;

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
    const settings = Object.assign({ TOOLS_DIR: toolsFolder }, ...[...setups.values()].map((setup) => setup.settings));
    const service = await SiegeService.start(calls.modelUrl, settings);
    await calls.place(service.port, count);
    return new ToolsBench(folder, service, calls, setups);
  }

  /** Measures the calls for so long under a load, or under none. */
  async measure(load: ToolLoad | null, spanMs: number): Promise<LoadSample> {
    const setup = load === null ? undefined : this.#setups.get(load);
    if (setup !== undefined) this.#calls.say(this.#toolCall(setup));
    const sample = await this.#calls.measure(Math.max(spanMs, busyMs));
    if (setup !== undefined && sample.answers === 0) throw new Error(`${load?.name} did not end in time.`);
    await delay(settledMs);
    return sample;
  }

  async stop(): Promise<void> {
    this.#calls.stop();
    await this.#service.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #toolCall({ call }: LoadSetup): string {
    this.#count += 1;
    const functionCall = { id: `load-${this.#count}`, name: call.tool, args: call.args(this.#count) };
    return JSON.stringify({ toolCall: { functionCalls: [functionCall] } });
  }
}
