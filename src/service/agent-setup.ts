import type { Config } from '../config/config.ts';
import { buildSystemInstruction } from '../config/system-instruction.ts';
import type { Tool } from '../tools/tool.ts';
import type { AgentSetup } from '../gemini/setup.ts';

/** What the pages, the history and the log call the agent: its model, because that is what can be told of it. */
export function agentName({ gemini }: Config, isSimulated: boolean): string {
  return isSimulated ? 'simulated' : gemini.model;
}

/** The agent that the configuration describes, with these tools, on its first model. */
export function agentSetup({ agent, gemini }: Config, tools: ReadonlyMap<string, Tool>): AgentSetup {
  return {
    model: gemini.model,
    systemInstruction: buildSystemInstruction(agent, [...tools.keys()]),
    voice: agent.voice,
    tools: [...tools.values()],
    settings: gemini.setup,
  };
}
