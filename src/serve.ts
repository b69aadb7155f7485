import { mayUse } from './agents/agent-tools.ts';
import { agentsFileProblems } from './agents/agents-source.ts';
import { type Agents, openAgents } from './agents/open-agents.ts';
import type { SimulatedAgents } from './sim/simulated-agent.ts';
import type { Config } from './config/config.ts';
import { ParleyError } from './errors.ts';
import type { ModelAccess } from './gemini/edge/access.ts';
import { systemClock } from './system/clock.ts';
import { createLogger, type Logger, logOutput } from './system/logger.ts';
import { processName } from './system/process-name.ts';
import { systemRandomness } from './system/randomness.ts';
import { giveBackStartMemory } from './start-memory.ts';
import { endOnUncaught } from './service/end/last-handler.ts';
import { type AgentTools, openAgentTools } from './service/agent-tools.ts';
import { openServiceJournal } from './service/journal/journal-place.ts';
import { openServiceLease } from './service/journal/service-lease.ts';
import { isSimulation, linkWords, simulationWords } from './service/simulation-words.ts';
import type { WorkerPlace } from './service/service-core.ts';
import { type Service, startService } from './service/start-service.ts';
import { onStopSignal, thisProcess } from './service/end/stop-signals.ts';
import { builtInTools } from './tools/built-in.ts';
import { lookupRecordName } from './tools/lookup-record.ts';
import { serveParent } from './workers/worker-link.ts';

/** Answers calls in this process. `worker`: it is one of several, and another one hands it its connections. */
export async function serve(config: Config, worker: WorkerPlace | null): Promise<void> {
  const isWorker = worker !== null;
  const output = logOutput();
  const { instance } = config.http;
  const log = createLogger(config.logLevel, output).child(instance === null ? {} : { instance });
  // Whoever has started the workers has said it once.
  if (!isWorker) for (const warning of config.warnings) log.warn({ warning }, 'configuration');
  // The lookup file is looked into in a process of its own, and each agent gets the transfer to its own destinations.
  const builtIn = builtInTools({ lookupTable: null, destinations: [...config.transferDestinations.keys()] });
  const agentTools = await openAgentTools(config, { builtIn, log, env: process.env }).catch(
    async (error: unknown): Promise<never> => {
      if (!(error instanceof ParleyError)) throw error;
      throw new ParleyError(error.code, [error.message, ...(await agentsFileProblems(config))].join('\n'));
    },
  );
  for (const warning of agentTools.warnings) log.warn({ warning }, 'configuration');
  let toolNames = agentTools.names;
  const isSimulated = isSimulation(config);
  const closeTools = async (error: unknown): Promise<never> => {
    await agentTools.close();
    throw error;
  };
  const agents = await openAgents(config, { toolNames: () => toolNames, isSimulated }).catch(closeTools);
  for (const warning of agents.read.warnings) log.warn({ warning }, 'configuration');
  const name = processName(instance, systemRandomness.uniqueId());
  const journal = await openServiceJournal(config.journal, name, log).catch(closeTools);
  const lease = await openServiceLease(config, name, log).catch(closeTools);
  if (isSimulated && !isWorker) process.stderr.write(simulationWords(config));
  const modelAccess = isSimulated ? await openSimulated(await simulatedAgents(config, agents), log) : null;
  const stop = stopOnce(() => started, agentTools);
  const started: Promise<Service> = startService(config, {
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
    worker,
    journal,
    ...(lease === null ? {} : { lease }),
    onReplaced: () => stop(0),
    logLinesLost: () => output.lostLinesEver,
    ...(modelAccess === null ? {} : { modelAccess }),
  });
  onStopSignal(thisProcess, systemClock, () => stop(config.limits.drainSeconds * 1000));
  const service = await started;
  endOnUncaught(service, log);
  giveBackStartMemory(() => service.registry.liveCount > 0);
  if (service.admin !== null && !isWorker) process.stderr.write(linkWords(service.admin.link, config));
  if (isWorker) await serveParent({ service, journal, lease, stop });
}

/** Stops the service, which may still be starting, and then this process. Whoever asks later asks in vain. */
function stopOnce(started: () => Promise<Service>, agentTools: AgentTools): (drainMsMax: number) => void {
  let isStopping = false;
  const stop = async (drainMsMax: number): Promise<void> => {
    // One that has not started says why elsewhere.
    await started().then(
      (service) => service.stop(drainMsMax),
      () => {},
    );
    await agentTools.close();
    process.exit(0);
  };
  return (drainMsMax) => {
    if (isStopping) return;
    isStopping = true;
    void stop(drainMsMax);
  };
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
