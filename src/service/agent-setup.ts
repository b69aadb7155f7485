import type { AgentProfile } from '../agents/agent-profile.ts';
import type { Config } from '../config/config.ts';
import { buildSystemInstruction } from '../config/system-instruction.ts';
import type { Tool } from '../tools/tool.ts';
import type { AgentSetup } from '../gemini/setup.ts';

/** An agent with these tools, on its first model. */
export function agentSetup(
  profile: AgentProfile,
  { gemini }: Pick<Config, 'gemini'>,
  tools: ReadonlyMap<string, Tool>,
): AgentSetup {
  return {
    model: profile.model,
    systemInstruction: buildSystemInstruction(profile, [...tools.keys()]),
    voice: profile.voice,
    tools: [...tools.values()],
    settings: gemini.setup,
  };
}
