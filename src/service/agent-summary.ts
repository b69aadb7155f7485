import type { Config } from '../config/config.ts';
import { defaultPrompt } from '../config/system-instruction.ts';
import { agentName } from './agent-setup.ts';

/** What the agent is made of beside its configuration. */
interface Means {
  /** Names of the tools that the model is offered. */
  readonly tools: readonly string[];
  /** Null without a lookup file. */
  readonly lookupRecords: number | null;
  readonly isSimulated: boolean;
}

/**
 * What callers will meet, for the log line by which an admin sees whether the settings arrived: names, lengths and numbers of things, and
 * no telephone number. What is not set is null.
 */
export function agentSummary(config: Config, { tools, lookupRecords, isSimulated }: Means): object {
  const { agent, gemini, fallback, journal, transferDestinations } = config;
  const { number, voicemail } = fallback;
  return {
    model: agentName(config, isSimulated),
    fallbackModel: gemini.fallbackModel,
    voice: agent.voice,
    language: agent.language,
    promptCharacters: agent.prompt.length,
    isOwnPrompt: agent.prompt !== defaultPrompt,
    greetingCharacters: agent.greeting.length,
    tools,
    lookupRecords,
    destinations: [...transferDestinations.keys()],
    fallback: [...(number === null ? [] : ['number']), ...(voicemail === null ? [] : ['voicemail'])],
    journal: journal.file,
  };
}
