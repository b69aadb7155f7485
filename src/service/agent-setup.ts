import type { AgentProfile } from '../agents/agent-profile.ts';
import { mayUse } from '../agents/agent-tools.ts';
import { type AgentTexts, agentTexts } from '../agents/agent-texts.ts';
import type { Config } from '../config/config.ts';
import { systemClock } from '../system/clock.ts';
import type { Tool } from '../tools/tool.ts';
import type { AgentSetup } from '../gemini/setup.ts';

/** An agent with these tools, on its first model, as it would answer a call of which nothing is known. */
export function agentSetup(
  profile: AgentProfile,
  { gemini }: Pick<Config, 'gemini'>,
  { tools, searches }: { readonly tools: ReadonlyMap<string, Tool>; readonly searches: readonly string[] },
): AgentSetup {
  const googleSearch = gemini.setup.googleSearch || searches.some((name) => mayUse(profile, name));
  return {
    model: profile.model,
    systemInstruction: textsAtDesk(profile, [...tools.keys()]).instructionAt(systemClock.unixMs()),
    voice: profile.voice,
    tools: [...tools.values()],
    settings: { ...gemini.setup, googleSearch },
  };
}

/** The texts of an agent for a call of which nothing is known, such as one that is tried at the desk. */
export function textsAtDesk(profile: AgentProfile, toolNames: readonly string[] = []): AgentTexts {
  return agentTexts(profile, toolNames, { from: null, to: null, context: new Map(), atMs: systemClock.unixMs() });
}
