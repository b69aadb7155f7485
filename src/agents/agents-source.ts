import { promptCharactersMax } from '../config/environment.ts';
import type { Config } from '../config/config.ts';
import { fileProblem, readNamedFile } from '../config/named-files/named-file.ts';
import { readRegularFile } from '../system/files/regular-file.ts';
import { AgentBook } from './agent-book.ts';
import { environmentAgent } from './agent-profile.ts';
import type { ReadAgents } from './file/read-agents-file.ts';

/** What agents are read with, beside the configuration. */
export interface AgentsSourceMeans {
  /** Names of all tools that there are in this moment; null where nobody knows them, and names of tools are not checked. */
  readonly toolNames: (() => readonly string[]) | null;
  /** Whether recorded sentences answer in the place of a model. */
  readonly isSimulated: boolean;
}

/** Where the agents of a service stand: in the environment, and in the files that it names. */
export class AgentsSource {
  readonly #config: Config;
  readonly #means: AgentsSourceMeans;

  constructor(config: Config, means: AgentsSourceMeans) {
    this.#config = config;
    this.#means = means;
  }

  /** Reads them as they are in this moment. Never rejects. */
  async read(): Promise<ReadAgents> {
    const { agentsFile, promptFile, gemini, transfers, voicemail } = this.#config;
    const { isSimulated, toolNames } = this.#means;
    const prompt = promptFile === null ? null : await readPrompt(promptFile);
    const environment = environmentAgent(this.#config, isSimulated);
    const base = { ...environment, ...(prompt !== null && 'text' in prompt ? { prompt: prompt.text.trim() } : {}) };
    const backend = gemini.vertex === null ? 'geminiApi' : 'vertex';
    const means = {
      base,
      voicemail,
      transfers,
      toolNames: toolNames?.() ?? null,
      backend,
      setup: gemini.setup,
    } as const;
    // Who has one agent does not wait for a parser.
    const read =
      agentsFile === null
        ? { book: new AgentBook(base), problems: [], warnings: [], files: [] }
        : await (await import('./file/read-agents-file.ts')).readAgentsFile(agentsFile, means);
    const problems = [...(prompt !== null && 'problem' in prompt ? [prompt.problem] : []), ...read.problems];
    return {
      ...read,
      book: problems.length === 0 ? read.book : null,
      problems,
      files: [...(promptFile === null ? [] : [promptFile]), ...read.files],
    };
  }
}

/** What is wrong with the agents file, as far as it can be told without the tools that agents may name. Never rejects. */
export async function agentsFileProblems(config: Config): Promise<readonly string[]> {
  const means = { toolNames: null, isSimulated: false };
  return (await new AgentsSource({ ...config, promptFile: null }, means).read()).problems;
}

/** What of the agents file and of those that it names cannot be read, whatever the settings say. Never rejects. */
export async function unreadAgentsFiles({ agentsFile }: Config): Promise<readonly string[]> {
  if (agentsFile === null) return [];
  return (await (await import('./file/agents-tree.ts')).readAgentsTree(agentsFile)).problems;
}

/** A character has three bytes at most, and there may be spaces around. */
const promptBytesMax = 4 * promptCharactersMax;

/** By the same rules as at the start, and without holding up calls while a disk is slow. */
async function readPrompt(path: string): Promise<ReturnType<typeof readNamedFile>> {
  const name = 'AGENT_PROMPT_FILE';
  const bytes = await readRegularFile(path, promptBytesMax);
  if (typeof bytes === 'string') return { problem: fileProblem(name, path, bytes) };
  return readNamedFile(name, path, promptCharactersMax, () => new TextDecoder().decode(bytes));
}
