import type { Config } from '../config/config.ts';

/** Whether recorded sentences answer in the place of a model. */
export function isSimulation({ gemini: { apiKey, baseUrl, vertex } }: Config): boolean {
  return apiKey === null && baseUrl === null && vertex === null;
}

/** What the person must see who starts a simulation, in plain lines: log lines are for programs and may be switched off. */
export function simulationWords({ lookupFile, transferDestinations, agentsFile }: Config): string {
  const hasDestinations = transferDestinations.size > 0 || agentsFile !== null;
  return [
    'GEMINI_API_KEY is not set, so this is a simulation: callers hear recorded sentences, and no model understands them.',
    ...(lookupFile === null ? ['With LOOKUP_FILE the agent also looks something up.'] : []),
    ...(hasDestinations ? [] : ['With TRANSFER_DESTINATIONS the agent also connects the caller with somebody.']),
    'npm run setup asks for what a real call wants.\n',
  ].join('\n');
}

/**
 * The link to the operator's pages, for the person who starts the service: log lines never hold its token. In a simulation it leads to the
 * only telephone there is, so that is said here, where the pages are open, and not before.
 */
export function linkWords(link: string, config: Config): string {
  const phone = isSimulation(config) ? 'Behind it, the page Browser phone calls the agent.\n' : '';
  return `The operator's pages: ${link}\n${phone}`;
}
