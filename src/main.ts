import { mayUse } from './agents/agent-tools.ts';
import { type Agents, openAgents } from './agents/open-agents.ts';
import { helpIfAsked } from './cli/help.ts';
import type { SimulatedAgents } from './sim/simulated-agent.ts';
import type { Config } from './config/config.ts';
import { loadSettings } from './config/load-settings.ts';
import { ParleyError } from './errors.ts';
import type { ModelAccess } from './gemini/edge/access.ts';
import { createLogger, type Logger, logOutput } from './system/logger.ts';
import { giveBackStartMemory } from './start-memory.ts';
import { endOnUncaught } from './service/last-handler.ts';
import { openAgentTools } from './service/agent-tools.ts';
import { openServiceJournal } from './service/journal/journal-place.ts';
import { startService } from './service/start-service.ts';
import { builtInTools } from './tools/built-in.ts';
import { lookupRecordName } from './tools/lookup-record.ts';

const usage = `Usage: npm start
  Answers calls as the settings say, which stand in .env and in docs/configuration.md. It takes no options.`;

async function main(): Promise<void> {
  const config = loadSettings(process.env);
  const output = logOutput();
  const log = createLogger(config.logLevel, output);
  for (const warning of config.warnings) log.warn({ warning }, 'configuration');
  // The lookup file is looked into in a process of its own, and each agent gets the transfer to its own destinations.
  const builtIn = builtInTools({ lookupTable: null, destinations: [...config.transferDestinations.keys()] });
  const agentTools = await openAgentTools(config, { builtIn, log, env: process.env });
  for (const warning of agentTools.warnings) log.warn({ warning }, 'configuration');
  let toolNames = agentTools.names;
  const { apiKey, baseUrl, vertex } = config.gemini;
  const isSimulated = apiKey === null && baseUrl === null && vertex === null;
  const closeTools = async (error: unknown): Promise<never> => {
    await agentTools.close();
    throw error;
  };
  const agents = await openAgents(config, { toolNames: () => toolNames, isSimulated }).catch(closeTools);
  for (const warning of agents.read.warnings) log.warn({ warning }, 'configuration');
  const journal = await openServiceJournal(config.journal, log).catch(closeTools);
  const modelAccess = isSimulated ? await openSimulated(await simulatedAgents(config, agents), log) : null;
  const service = await startService(config, {
    tools: agentTools.tools,
    searches: agentTools.searches,
    toolNames,
    agents,
    watchTools: (take) =>
      agentTools.watch((offered) => {
        toolNames = offered.names;
        take(offered);
      }),
    log,
    journal,
    logLinesLost: () => output.lostLinesEver,
    ...(modelAccess === null ? {} : { modelAccess }),
  });
  endOnUncaught(service, log);
  giveBackStartMemory(() => service.registry.liveCount > 0);
  // For the person who starts the service. Log lines are for programs, and never hold the token.
  if (service.admin !== null) process.stderr.write(`The operator's pages: ${service.admin.link}\n`);
  const stop = async (): Promise<void> => {
    await service.stop(config.limits.drainSeconds * 1000);
    await agentTools.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
}

/** The simulated agent, which is loaded only where it answers. */
async function openSimulated(agents: SimulatedAgents, log: Logger): Promise<ModelAccess> {
  const { startSimulatedAgent } = await import('./sim/simulated-agent.ts');
  return startSimulatedAgent(agents, log);
}

/** What a simulated agent asks for is what the admin has. What reads tables is loaded only for it: elsewhere another process looks things up. */
async function simulatedAgents({ lookupFile }: Config, { book }: Agents): Promise<SimulatedAgents> {
  const lookupTable = lookupFile === null ? null : (await import('./tools/lookup-file.ts')).readLookupTable(lookupFile);
  return {
    lookupTable,
    agents: book.agents.map((agent) => ({
      name: agent.name,
      looksUp: mayUse(agent, lookupRecordName),
      destinations: [...agent.destinations.keys()],
    })),
  };
}

helpIfAsked(usage);
if (process.argv.length > 2) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}
main().catch((error: unknown) => {
  // What is the admin's to mend is said in plain lines; everything else keeps its stack.
  process.stderr.write(error instanceof ParleyError ? `${error.message}\n` : `${String(Object(error).stack)}\n`);
  process.exit(1);
});
