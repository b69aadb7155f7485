import { environmentAgent } from '../../../agents/agent-profile.ts';
import { agentTools } from '../../../agents/agent-tools.ts';
import type { Config } from '../../../config/config.ts';
import { type ModelAccess, modelAccess } from '../../../gemini/edge/access.ts';
import type { AgentSetup } from '../../../gemini/setup.ts';
import { agentSetup } from '../../../service/agent-setup.ts';
import type { AgentTools } from '../../../service/agent-tools.ts';
import type { Tool } from '../../../tools/tool.ts';
import type { CheckedSession } from './session.ts';

/** The agent of the settings, made as a service makes it. */
interface BenchParts {
  readonly agent: AgentSetup;
  readonly tools: ReadonlyMap<string, Tool>;
}

/** The agent of the settings, and the session that the checks of the model pass on. */
export class ModelBench {
  readonly #config: Config;
  readonly #openTools: () => Promise<AgentTools>;
  readonly access: ModelAccess;
  session: CheckedSession | null = null;

  constructor(config: Config, openTools: () => Promise<AgentTools>) {
    this.#config = config;
    this.#openTools = openTools;
    this.access = modelAccess(config);
  }

  /** Rejects with `tools.fileInvalid`. */
  async parts(): Promise<BenchParts> {
    const profile = environmentAgent(this.#config);
    const offered = await this.#openTools();
    const tools = agentTools(profile, offered.tools);
    return { agent: agentSetup(profile, this.#config, { tools, searches: offered.searches }), tools };
  }

  close(): void {
    void this.session?.close();
  }
}
