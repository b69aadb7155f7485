import type { Config } from '../../config/config.ts';
import type { TwilioHttp } from '../../twilio/edge/rest.ts';
import { ModelBench } from './model/model-bench.ts';
import { Gate } from './gate.ts';

/** What the doctor has of the world. */
export interface Surroundings {
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

  constructor(config: Config, world: Surroundings) {
    this.config = config;
    this.world = world;
    this.model = new ModelBench(config);
    this.gate = new Gate(config);
  }

  /** Lets go of whatever the checks have left open. */
  async close(): Promise<void> {
    this.model.close();
    await this.gate.close();
  }
}
