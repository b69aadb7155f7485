import type { Config } from '../../config/config.ts';
import type { TwilioHttp } from '../../twilio/edge/twilio-access.ts';
import { ModelBench } from './model/model-bench.ts';
import { type AgentTools, openAgentTools } from '../../service/agent-tools.ts';
import { createLogger } from '../../system/logger.ts';
import { builtInTools } from '../../tools/built-in.ts';
import { Gate } from './port/gate.ts';

/** What the doctor has of the world. */
export interface Surroundings {
  /** The environment, of which a tools file may take values. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly nodeVersion: string;
  readonly unixMs: () => number;
  /** How long the whole examination may take, if not as long as usual. */
  readonly msMax?: number;
  /** Where a public address really is. */
  readonly route: (publicUrl: string) => string;
  /** Carries the requests to Twilio, if not the package itself. */
  readonly twilioHttp?: TwilioHttp;
}

/** What checks work with: the settings, the world, and what an earlier check of the group has left. */
export class Scene {
  readonly config: Config;
  readonly world: Surroundings;
  readonly model: ModelBench;
  readonly gate: Gate;
  #tools: Promise<AgentTools> | null = null;

  constructor(config: Config, world: Surroundings) {
    this.config = config;
    this.world = world;
    this.model = new ModelBench(config, async () => this.openTools());
    this.gate = new Gate(config);
  }

  /** What agents can do, opened once for all checks. Rejects with `tools.fileInvalid`. */
  async openTools(): Promise<AgentTools> {
    const destinations = [...this.config.transferDestinations.keys()];
    this.#tools ??= openAgentTools(this.config, {
      builtIn: builtInTools({ lookupTable: null, destinations }),
      log: createLogger('silent'),
      env: this.world.env,
    });
    return this.#tools;
  }

  /** Lets go of whatever the checks have left open. */
  async close(): Promise<void> {
    this.model.close();
    await this.gate.close();
    // Who could not be opened has closed itself.
    await this.#tools?.then(async ({ close }) => close()).catch(() => {});
  }
}
