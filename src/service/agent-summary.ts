import type { AgentProfile } from '../agents/agent-profile.ts';
import type { Config } from '../config/config.ts';
import { defaultPrompt } from '../config/system-instruction.ts';

/** What the agent is made of beside its configuration. */
interface Means {
  /** Names of the tools that the model is offered. */
  readonly tools: readonly string[];
  /** Null without a lookup file. */
  readonly lookupRecords: number | null;
}

/**
 * What callers will meet, for the log line by which an admin sees whether the settings arrived: names, lengths and numbers of things, and
 * no telephone number. What is not set is null.
 */
export function agentSummary(
  agent: AgentProfile,
  { gemini, journal }: Config,
  { tools, lookupRecords }: Means,
): object {
  const { number, voicemail } = agent.fallback;
  return {
    model: agent.name,
    fallbackModel: gemini.fallbackModel,
    voice: agent.voice,
    language: agent.language,
    promptCharacters: agent.prompt.length,
    isOwnPrompt: agent.prompt !== defaultPrompt,
    greetingCharacters: agent.greeting.length,
    tools,
    lookupRecords,
    destinations: [...agent.destinations.keys()],
    fallback: [...(number === null ? [] : ['number']), ...(voicemail === null ? [] : ['voicemail'])],
    journal: journal.file,
  };
}
