import { helpIfAsked } from './cli/help.ts';
import { startSettings } from './config/load/start-settings.ts';
import { ParleyError } from './errors.ts';
import { workerPagesVariable, workerVariable } from './workers/worker-news.ts';

const usage = `Usage: npm start
  Answers calls as the settings say, which stand in .env and in docs/configuration.md. It takes no options.`;

/** What is not needed is not loaded: neither calls where workers have them, nor workers where there are none. */
async function main(): Promise<void> {
  const config = await startSettings(process.env);
  if (config.workers === null) {
    const { serve } = await import('./serve.ts');
    const { [workerVariable]: secret, [workerPagesVariable]: pages = '' } = process.env;
    // What this process starts is no worker.
    for (const name of [workerVariable, workerPagesVariable]) Reflect.deleteProperty(process.env, name);
    return serve(config, secret === undefined ? null : { secret, pages: pages === '' ? null : pages });
  }
  const { runWorkers } = await import('./workers/run-workers.ts');
  return runWorkers(config, config.workers);
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
