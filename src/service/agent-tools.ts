import { statSync } from 'node:fs';
import { filePrint } from '../admin-file/file-print.ts';
import type { Config } from '../config/config.ts';
import { cannotBeRead, ParleyError } from '../errors.ts';
import { modelRules, setupRefusals } from '../gemini/models.ts';
import { declarationProblem } from '../gemini/setup.ts';
import { systemClock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import type { OpenedTool } from '../tool-process/tool-lane.ts';
import { type DeclaredTools, noDeclaredTools } from '../tool-process/declared-tools.ts';
import { folderPrint } from '../tool-process/reload/folder-print.ts';
import type { Offer, ToolsPlace } from '../tool-process/reload/tool-group.ts';
import { openToolProcesses } from '../tool-process/tool-processes.ts';
import type { LookupEntry } from '../tool-process/tool-source.ts';
import { lookupRecordName } from '../tools/lookup-record.ts';
import { createTools, type Tool } from '../tools/tool.ts';
import { transferCallName } from '../tools/transfer-call.ts';

/** What agents can do. Each uses what it may. */
export interface OfferedTools {
  readonly tools: ReadonlyMap<string, Tool>;
  /** The names that an agent may name: also those of tools that are not there at the moment, such as of a server that is away. */
  readonly names: readonly string[];
  /** The names of entries of the tools file that have the model search the web by itself. */
  readonly searches: readonly string[];
}

/** What agents can do, and where it comes from. */
export interface AgentTools extends OfferedTools {
  /** What the admin probably did not mean, one sentence each. */
  readonly warnings: readonly string[];
  /**
   * From here on, when TOOLS_FILE or files of TOOLS_DIR change, or a lookup offers other tools, all that there is then is handed on. What throws
   * a ParleyError keeps those before. To be called once.
   */
  readonly watch: (take: (offered: OfferedTools) => void) => void;
  /** Ends the processes in which tools run. Never rejects. */
  readonly close: () => Promise<void>;
}

/** What tools are opened with, beside the configuration. */
export interface AgentToolsMeans {
  /** Those that Parley brings along. */
  readonly builtIn: readonly Tool[];
  readonly log: Logger;
  /** Where `${NAME}` of the tools file comes from. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Opens the tools that the configuration names, beside those that Parley brings along. Throws `tools.fileInvalid` with one line for each
 * problem, and then no process is left.
 */
export async function openAgentTools(config: Config, { builtIn, log, env }: AgentToolsMeans): Promise<AgentTools> {
  const folderProblems = namedFolderProblems(config);
  const lookups = lookupsPlace(config, builtIn, env);
  const folder = folderProblems.length === 0 ? folderPlace(config) : null;
  const places = [lookups, folder].filter((place) => place !== null);
  const processes = await openToolProcesses({ places, clock: systemClock, log });
  const brought = builtIn.map((tool) => ({ tool, from: 'Parley itself' }));
  const problemsOf = ({ tools, searches }: Offer): string[] => [
    ...nameProblems([...brought, ...tools], searches),
    ...modelProblems(config, tools),
  ];
  const joined = ({ tools, names, searches }: Offer): OfferedTools => ({
    tools: createTools([...brought, ...tools].map(({ tool }) => tool)),
    names: [...builtIn.map(({ name }) => name), ...names],
    searches,
  });
  const problems = [...processes.problems, ...folderProblems, ...problemsOf(processes)];
  if (problems.length > 0) {
    await processes.close();
    throw new ParleyError('tools.fileInvalid', problems.join('\n'));
  }
  return {
    ...joined(processes),
    warnings: [...privateHostWarnings(config), ...processes.warnings],
    watch: (take) => {
      processes.watch((offer) => {
        const found = problemsOf(offer);
        return found.length > 0 ? found : refusals(() => take(joined(offer)));
      });
    },
    close: processes.close,
  };
}

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

/** The folder of programs. One that the admin did not name may come later. */
function folderPlace({ toolsFolder: { path, isNamed, privateHosts } }: Config): ToolsPlace {
  const sources: DeclaredTools['sources'] = new Map([['code', [{ type: 'folder', folder: path, privateHosts }]]]);
  let hasBeenThere = isNamed;
  return {
    print: async () => folderPrint(path),
    read: async () => {
      hasBeenThere ||= folderProblem(path) === null;
      return Promise.resolve(hasBeenThere ? { ...noDeclaredTools, sources } : noDeclaredTools);
    },
  };
}

/** A folder that the admin named must be there. */
function namedFolderProblems({ toolsFolder: { path, isNamed } }: Config): string[] {
  const problem = isNamed ? folderProblem(path) : null;
  return problem === null ? [] : [`TOOLS_DIR names ${path}, which ${problem}.`];
}

/** Hosts that tools of a folder may ask, which is not there. An admin who meant the tools file has named them in vain. */
function privateHostWarnings({ toolsFolder: { path, privateHosts } }: Config): string[] {
  return privateHosts.length === 0 || folderProblem(path) === null
    ? []
    : [
        `TOOLS_PRIVATE_HOSTS is set, and ${path}, whose tools might ask these hosts, is no folder; the tools file names its own, under hosts: with allow_private.`,
      ];
}

/** The tools file, and the lookup file beside it; null if there is neither. */
function lookupsPlace(config: Config, builtIn: readonly Tool[], env: AgentToolsMeans['env']): ToolsPlace | null {
  const { lookupFile, toolsFile } = config;
  if (lookupFile === null && toolsFile === null) return null;
  const records = lookupFile === null ? [] : [{ type: 'lookup' as const, lookup: lookupRecord(lookupFile) }];
  return {
    print: async () => (toolsFile === null ? '' : filePrint([toolsFile])),
    read: async () => {
      const { sources, names, problems, searches } = await readDeclaredTools(config, env, builtIn);
      const files = [...records, ...(sources.get('files') ?? [])];
      return {
        sources: files.length === 0 ? sources : new Map([...sources, ['files', files]]),
        names: [...records.map(({ lookup }) => lookup.options.name), ...names],
        problems: [...problems, ...searchProblems(config, searches)],
        searches,
      };
    },
  };
}

/** LOOKUP_FILE is short for a table of this name. It is searched, and read again when it changes, apart from the calls. */
function lookupRecord(file: string): LookupEntry {
  const options = { name: lookupRecordName, description: null, effect: null, confirm: false, timeoutMs: null };
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
function nameProblems(opened: readonly OpenedTool[], searches: readonly string[]): string[] {
  const homes = new Map<string, string[]>();
  const named = [
    ...opened.map(({ tool, from }) => ({ name: tool.name, from })),
    ...searches.map((name) => ({ name, from: `the search ${name}` })),
  ];
  for (const { name, from } of named) homes.set(name, [...(homes.get(name) ?? []), from]);
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
  env: AgentToolsMeans['env'],
  builtIn: readonly Tool[],
): Promise<DeclaredTools> {
  if (toolsFile === null) return noDeclaredTools;
  const { declaredTools } = await import('../tool-process/read-declared-tools.ts');
  return declaredTools(toolsFile, { env, taken: [transferCallName, ...builtIn.map(({ name }) => name)] });
}

/** A search that a model does not take would end every session. */
function searchProblems({ gemini }: Config, searches: DeclaredTools['searches']): string[] {
  const models = [gemini.model, ...(gemini.fallbackModel === null ? [] : [gemini.fallbackModel])];
  const backend = gemini.vertex === null ? 'geminiApi' : 'vertex';
  return searches.flatMap(({ place }) =>
    models.flatMap((model) =>
      setupRefusals({ tools: { googleSearch: {} } }, modelRules(model), backend).map(
        ({ reason }) => `${place} wants Google Search, but ${model} ${reason}.`,
      ),
    ),
  );
}
