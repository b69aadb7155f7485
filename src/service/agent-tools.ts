import { statSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { cannotBeRead, ParleyError } from '../errors.ts';
import { declarationProblem } from '../gemini/setup.ts';
import { systemClock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import type { OpenedTool } from '../tool-process/tool-lane.ts';
import { openToolProcesses } from '../tool-process/tool-processes.ts';
import type { ToolLaneName, ToolSource } from '../tool-process/tool-source.ts';
import { createTools, type Tool } from '../tools/tool.ts';

/** What the agent can do. */
export interface AgentTools {
  readonly tools: ReadonlyMap<string, Tool>;
  /** What the admin probably did not mean, one sentence each. */
  readonly warnings: readonly string[];
  /** Ends the processes in which tools run. Never rejects. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the tools that the configuration names, beside those that Parley brings along. Throws `tools.fileInvalid` with one line for each
 * problem, and then no process is left.
 */
export async function openAgentTools(config: Config, builtIn: readonly Tool[], log: Logger): Promise<AgentTools> {
  const { sources, problems } = toolSources(config);
  const processes = await openToolProcesses({ sources, clock: systemClock, log });
  const opened = [...builtIn.map((tool) => ({ tool, from: 'Parley itself' })), ...processes.tools];
  const all = [...problems, ...processes.problems, ...nameProblems(opened), ...modelProblems(config, processes.tools)];
  if (all.length > 0) {
    await processes.close();
    throw new ParleyError('tools.fileInvalid', all.join('\n'));
  }
  return {
    tools: createTools(opened.map(({ tool }) => tool)),
    warnings: processes.warnings,
    close: processes.close,
  };
}

interface WantedSources {
  readonly sources: ReadonlyMap<ToolLaneName, readonly ToolSource[]>;
  readonly problems: readonly string[];
}

function toolSources({ toolsFolder: { path, isNamed } }: Config): WantedSources {
  const folder = folderProblem(path);
  if (folder === null) return { sources: new Map([['code', [{ type: 'folder', folder: path }]]]), problems: [] };
  return { sources: new Map(), problems: isNamed ? [`TOOLS_DIR names ${path}, which ${folder}.`] : [] };
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
    .map(([name, from]) => `Several tools are named "${name}": in ${from.join(' and in ')}. Rename all but one.`);
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
