import type { AgentProfile } from '../agents/agent-profile.ts';
import type { Config } from '../config/config.ts';
import { defaultPrompt } from '../config/system-instruction.ts';

interface Means {
  /** The names of those that the model is offered. */
  readonly tools: readonly string[];
  /** The names of entries that have the model search by itself. */
  readonly searches: readonly string[];
  /** Whether recorded sentences answer in the place of a model. */
  readonly isSimulated: boolean;
}

/**
 * What callers will meet, for the log line by which an admin sees whether the settings arrived: names, lengths and numbers of things, and
 * no telephone number. What is not set is null. `agent` is the default one.
 */
export function agentSummary(
  agent: AgentProfile,
  { agentsFile, gemini, journal }: Config,
  { tools, searches, isSimulated }: Means,
): object {
  const { number, voicemail } = agent.fallback;
  return {
    agent: agentsFile === null ? null : agent.name,
    model: isSimulated ? 'simulated' : agent.model,
    fallbackModel: gemini.fallbackModel,
    voice: agent.voice,
    language: agent.language,
    promptCharacters: agent.prompt.length,
    isOwnPrompt: agent.prompt !== defaultPrompt,
    greetingCharacters: agent.greeting.length,
    tools: [...tools, ...searches],
    googleSearch: !isSimulated && (gemini.setup.googleSearch || searches.length > 0),
    destinations: [...agent.destinations.keys()],
    fallback: [...(number === null ? [] : ['number']), ...(voicemail === null ? [] : ['voicemail'])],
    journal: journal.database === null ? journal.file : 'PostgreSQL',
  };
}
