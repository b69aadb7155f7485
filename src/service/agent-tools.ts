import { statSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { cannotBeRead, ParleyError } from '../errors.ts';
import { modelRules, setupRefusals } from '../gemini/models.ts';
import { declarationProblem } from '../gemini/setup.ts';
import { systemClock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import type { OpenedTool } from '../tool-process/tool-lane.ts';
import { type DeclaredTools, noDeclaredTools } from '../tool-process/declared-tools.ts';
import { openToolProcesses } from '../tool-process/tool-processes.ts';
import type { LookupEntry, ToolLaneName, ToolSource } from '../tool-process/tool-source.ts';
import { createTools, type Tool } from '../tools/tool.ts';

/** What the agent can do. */
export interface AgentTools {
  readonly tools: ReadonlyMap<string, Tool>;
  /** Whether the tools file has the model search the web by itself. */
  readonly googleSearch: boolean;
  /** What the admin probably did not mean, one sentence each. */
  readonly warnings: readonly string[];
  /**
   * From here on, when files of TOOLS_DIR change, the tools that there are then are handed on. What throws a ParleyError keeps those before.
   * To be called once.
   */
  readonly watch: (take: (tools: ReadonlyMap<string, Tool>) => void) => void;
  /** Ends the processes in which tools run. Never rejects. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the tools that the configuration names, beside those that Parley brings along. Throws `tools.fileInvalid` with one line for each
 * problem, and then no process is left.
 */
export async function openAgentTools(
  config: Config,
  builtIn: readonly Tool[],
  log: Logger,
  env: Environment = {},
): Promise<AgentTools> {
  const file = await readDeclaredTools(config, env, builtIn);
  const own = ownSources(config);
  const sources = joinedSources(own.sources, file.sources);
  const problems = [...file.problems, ...own.problems, ...searchProblems(config, file.searches)];
  const processes = await openToolProcesses({ sources, clock: systemClock, log });
  const brought = builtIn.map((tool) => ({ tool, from: 'Parley itself' }));
  const problemsOf = (tools: readonly OpenedTool[]): string[] => [
    ...nameProblems([...brought, ...tools]),
    ...modelProblems(config, tools),
  ];
  const joined = (tools: readonly OpenedTool[]) => createTools([...brought, ...tools].map(({ tool }) => tool));
  const all = [...problems, ...processes.problems, ...problemsOf(processes.tools)];
  if (all.length > 0) {
    await processes.close();
    throw new ParleyError('tools.fileInvalid', all.join('\n'));
  }
  return {
    tools: joined(processes.tools),
    googleSearch: file.searches.length > 0,
    warnings: processes.warnings,
    watch: (take) => {
      processes.watch((tools) => {
        const found = problemsOf(tools);
        return found.length > 0 ? found : refusals(() => take(joined(tools)));
      });
    },
    close: processes.close,
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Why something was refused, in sentences; none when it was not. */
function refusals(act: () => void): string[] {
  try {
    act();
    return [];
  } catch (error) {
    if (error instanceof ParleyError) return [error.message];
    throw error;
  }
}

interface WantedSources {
  readonly sources: ReadonlyMap<ToolLaneName, readonly ToolSource[]>;
  readonly problems: readonly string[];
}

/** What is opened without a tools file: the folder of tools, and the lookup file. */
function ownSources({ toolsFolder: { path, isNamed, privateHosts }, lookupFile }: Config): WantedSources {
  const folder = folderProblem(path);
  const code: readonly ToolSource[] = folder === null ? [{ type: 'folder', folder: path, privateHosts }] : [];
  const files: readonly ToolSource[] =
    lookupFile === null ? [] : [{ type: 'lookup', lookup: lookupRecord(lookupFile) }];
  return {
    sources: new Map([
      ['code', code],
      ['files', files],
    ]),
    problems: folder !== null && isNamed ? [`TOOLS_DIR names ${path}, which ${folder}.`] : [],
  };
}

/** All that is opened, by its process. */
function joinedSources(...wanted: readonly WantedSources['sources'][]): WantedSources['sources'] {
  const joined = new Map<ToolLaneName, readonly ToolSource[]>();
  for (const [lane, sources] of wanted.flatMap((one) => [...one])) {
    if (sources.length > 0) joined.set(lane, [...(joined.get(lane) ?? []), ...sources]);
  }
  return joined;
}

/** LOOKUP_FILE is short for a table of this name. It is searched, and read again when it changes, apart from the calls. */
function lookupRecord(file: string): LookupEntry {
  const options = { name: 'lookup_record', description: null, effect: null, confirm: false, timeoutMs: null };
  return { kind: 'table', options, fields: { file }, folder: '.' };
}

function folderProblem(path: string): string | null {
  try {
    return statSync(path).isDirectory() ? null : 'is no folder';
  } catch (error) {
    return cannotBeRead(error);
  }
}

/** A model that is offered two tools of one name refuses both (GM-SETUP-2). */
function nameProblems(opened: readonly OpenedTool[]): string[] {
  const homes = new Map<string, string[]>();
  for (const { tool, from } of opened) homes.set(tool.name, [...(homes.get(tool.name) ?? []), from]);
  return [...homes]
    .filter(([, from]) => from.length > 1)
    .map(
      ([name, from]) =>
        `Several tools are named "${name}": in ${[...new Set(from)].join(' and in ')}. Rename all but one.`,
    );
}

function modelProblems({ gemini }: Config, opened: readonly OpenedTool[]): string[] {
  const models = [gemini.model, ...(gemini.fallbackModel === null ? [] : [gemini.fallbackModel])];
  return opened.flatMap(({ tool, from }) =>
    models.flatMap((model) => {
      const problem = declarationProblem(tool, model);
      return problem === null ? [] : [`${from}: ${problem}`];
    }),
  );
}

/** What the tools file says. Its reader is loaded only where there is one. */
async function readDeclaredTools(
  { toolsFile }: Config,
  env: Environment,
  builtIn: readonly Tool[],
): Promise<DeclaredTools> {
  if (toolsFile === null) return noDeclaredTools;
  const { declaredTools } = await import('../tool-process/read-declared-tools.ts');
  return declaredTools(toolsFile, { env, taken: builtIn.map(({ name }) => name) });
}

/** A search that a model does not take would end every session. */
function searchProblems({ gemini }: Config, searches: DeclaredTools['searches']): string[] {
  const models = [gemini.model, ...(gemini.fallbackModel === null ? [] : [gemini.fallbackModel])];
  const backend = gemini.vertex === null ? 'geminiApi' : 'vertex';
  return searches.flatMap((place) =>
    models.flatMap((model) =>
      setupRefusals({ tools: { googleSearch: {} } }, modelRules(model), backend).map(
        ({ reason }) => `${place} wants Google Search, but ${model} ${reason}.`,
      ),
    ),
  );
}
