import { loadConfig } from './config.ts';
import { ParleyError } from './errors.ts';
import type { ModelAccess } from './shell/gemini-client.ts';
import { createLogger, type Logger } from './shell/logger.ts';
import { startService } from './shell/service.ts';
import { simulatedApiKey, startModelServer } from './sim/model/server.ts';
import { loadScenario } from './sim/scenario.ts';
import { builtInTools } from './tools/built-in.ts';
import { readLookupTable } from './tools/lookup-file.ts';
import { createTools } from './tools/tool.ts';

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLogger(config.logLevel);
  for (const warning of config.warnings) log.warn({ warning }, 'configuration');
  const tools = createTools(
    builtInTools({
      lookupTable: config.lookupFile === null ? null : readLookupTable(config.lookupFile),
      destinations: [...config.transferDestinations.keys()],
    }),
  );
  const { apiKey, baseUrl } = config.gemini;
  const modelAccess = apiKey === null && baseUrl === null ? await simulatedModel(log) : null;
  const service = await startService(config, { tools, log, ...(modelAccess === null ? {} : { modelAccess }) });
  const stop = async (): Promise<void> => {
    await service.stop(config.limits.drainSeconds * 1000);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
}

/** Without a key the service is still complete: a simulated model on loopback answers with recorded sentences. */
async function simulatedModel(log: Logger): Promise<ModelAccess> {
  const { model, agentClips } = loadScenario('no-key');
  const { url } = await startModelServer({ script: model, clips: agentClips });
  const hint = 'GEMINI_API_KEY is not set: a simulated model on this machine answers with recorded sentences.';
  log.warn({ url, hint }, 'simulatedModel');
  return { apiKey: simulatedApiKey, baseUrl: url };
}

main().catch((error: unknown) => {
  // What is the admin's to mend is said in plain lines; everything else keeps its stack.
  process.stderr.write(error instanceof ParleyError ? `${error.message}\n` : `${String(Object(error).stack)}\n`);
  process.exit(1);
});
