import { environmentAgent } from '../../../agents/agent-profile.ts';
import type { Config } from '../../../config/config.ts';
import { type ModelAccess, modelAccess } from '../../../gemini/edge/access.ts';
import type { AgentSetup } from '../../../gemini/setup.ts';
import { agentSetup } from '../../../service/agent-setup.ts';
import { builtInTools } from '../../../tools/built-in.ts';
import { readLookupTable } from '../../../tools/lookup-file.ts';
import type { LookupTable } from '../../../tools/lookup-table.ts';
import { createTools, type Tool } from '../../../tools/tool.ts';
import type { CheckedSession } from './session.ts';

/** The agent of the settings, made as a service makes it, and the session that the checks of the model pass on. */
export class ModelBench {
  readonly #config: Config;
  #made: {
    readonly agent: AgentSetup;
    readonly tools: ReadonlyMap<string, Tool>;
    readonly table: LookupTable | null;
  } | null = null;
  readonly access: ModelAccess;
  session: CheckedSession | null = null;

  constructor(config: Config) {
    this.#config = config;
    this.access = modelAccess(config);
  }

  /** Throws `lookup.fileInvalid`. */
  get parts() {
    this.#made ??= this.#make();
    return this.#made;
  }

  close(): void {
    void this.session?.close();
  }

  #make() {
    const { lookupFile, transferDestinations } = this.#config;
    const table = lookupFile === null ? null : readLookupTable(lookupFile);
    const tools = createTools(builtInTools({ lookupTable: table, destinations: [...transferDestinations.keys()] }));
    return { agent: agentSetup(environmentAgent(this.#config), this.#config, tools), tools, table };
  }
}
