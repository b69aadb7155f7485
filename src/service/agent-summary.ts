import type { AgentProfile } from '../agents/agent-profile.ts';
import type { Config } from '../config/config.ts';
import { defaultPrompt } from '../config/system-instruction.ts';

/**
 * What callers will meet, for the log line by which an admin sees whether the settings arrived: names, lengths and numbers of things, and
 * no telephone number. What is not set is null. `tools`: the names of those that the model is offered.
 */
export function agentSummary(agent: AgentProfile, { gemini, journal }: Config, tools: readonly string[]): object {
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
    destinations: [...agent.destinations.keys()],
    fallback: [...(number === null ? [] : ['number']), ...(voicemail === null ? [] : ['voicemail'])],
    journal: journal.file,
  };
}
