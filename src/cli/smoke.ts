import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { ToolCall } from '../call/tooling/tool-call.ts';
import { greetingRequest } from '../call/talk/prompts.ts';
import { ParleyError } from '../errors.ts';
import { agentSetup } from '../service/agent-setup.ts';
import { type ModelAccess, modelAccess } from '../gemini/edge/access.ts';
import { builtInTools } from '../tools/built-in.ts';
import { readLookupTable } from '../tools/lookup-file.ts';
import type { LookupTable } from '../tools/lookup-table.ts';
import { createTools, type Tool } from '../tools/tool.ts';
import type { AgentSetup } from '../gemini/setup.ts';
import { helpIfAsked } from './help.ts';
import { SmokeFailure, SmokeSession } from './smoke/session.ts';

const usage = `Usage: npm run smoke
  Talks to the real Gemini service with the settings of .env, and prints what it grants. Takes no options.`;

/** The end of a turn is held back until the service believes that it has been played (GM-TURN-1): half a minute of speech. */
const turnMsMax = 30_000;

/** Handles come with the end of a turn, before or behind it. */
const handleMsMax = 5_000;

/** Audio of the model: 24 kHz PCM16. */
const bytesPerMs = 48;

/** What the smoke test runs with: what `npm start` would, and a table to look something up in. */
interface Smoke {
  readonly access: ModelAccess;
  readonly agent: AgentSetup;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly greeting: string;
  /** A value of the first record. */
  readonly query: string;
}

/** Proves against the real service what every call needs of it. Returns the exit code: 0 when all of it was granted. */
async function main(): Promise<number> {
  try {
    const config = loadSettings(process.env);
    if (config.gemini.apiKey === null && config.gemini.vertex === null) {
      console.error('GEMINI_API_KEY is not set: the smoke test talks to the real service. Write the key into .env.');
      return 1;
    }
    await smokeTest(prepare(config));
    console.log('Nothing was refused.');
    return 0;
  } catch (error) {
    const isExpected = error instanceof SmokeFailure || error instanceof ParleyError;
    console.error(isExpected ? error.message : error);
    return 1;
  }
}

function prepare(config: Config): Smoke {
  const { agent, lookupFile, transferDestinations } = config;
  const ownTable = fileURLToPath(new URL('../../fixtures/data/orders.csv', import.meta.url));
  const lookupTable = readLookupTable(lookupFile ?? ownTable);
  const tools = createTools(builtInTools({ lookupTable, destinations: [...transferDestinations.keys()] }));
  return {
    access: modelAccess(config),
    agent: agentSetup(config, tools),
    tools,
    greeting: agent.greeting,
    query: firstValue(lookupTable),
  };
}

function firstValue({ records }: LookupTable): string {
  return records[0]?.find((value) => value !== '') ?? '';
}

async function smokeTest({ access, agent, tools, greeting, query }: Smoke): Promise<void> {
  const names = [...tools.keys()].join(', ');
  const session = await step(`Setup of ${agent.model} with ${names}`, () => SmokeSession.open(access, agent, null));
  await step('Greeting', () => {
    session.say(greetingRequest(greeting).text);
    return spoken(session);
  });
  await step('Tool call', async () => {
    session.say(`Please look up ${query} for me.`);
    const call = await toolCalled(session);
    const tool = tools.get(call.name);
    if (tool === undefined) throw new SmokeFailure(`The model called ${call.name}, a tool that there is not.`);
    const signal = AbortSignal.timeout(turnMsMax);
    const { response, silent = false } = await tool.run(call.args, { signal, callSid: 'smoke' });
    session.answer({ id: call.id, name: call.name, response, silent });
    console.log(`  ${call.name} ${JSON.stringify(call.args)}`);
    return spoken(session);
  });
  const handle = await step('Handle to resume with', () => handleOf(session));
  await session.close();
  const resumed = await step('Setup with the handle', () => SmokeSession.open(access, agent, handle));
  await step('Answer in the resumed session', () => {
    resumed.say('What did I ask you to look up? Answer in one sentence.');
    return spoken(resumed);
  });
  await resumed.close();
}

/** Does one step and says how it went. A text that it returns is shown. */
async function step<Result>(what: string, run: () => Promise<Result>): Promise<Result> {
  const startedAtMs = performance.now();
  try {
    const result = await run();
    console.log(`granted  ${what}, ${Math.round(performance.now() - startedAtMs)} ms`);
    if (typeof result === 'string') console.log(`  ${result}`);
    return result;
  } catch (error) {
    console.log(`refused  ${what}`);
    throw error;
  }
}

/** Waits for a whole turn with speech in it, and returns how much was said and what. */
async function spoken(session: SmokeSession): Promise<string> {
  const untilMs = performance.now() + turnMsMax;
  let words = '';
  for (let audioBytes = 0; ;) {
    const fact = await session.next('Speech of the model', untilMs);
    if (fact.type === 'model.audio') audioBytes += fact.pcm.length;
    if (fact.type === 'model.agentTranscript') words += fact.text;
    // A turn without speech ends what came before the answer to a tool call.
    if (fact.type === 'model.turnCompleted' && audioBytes > 0)
      return `${(audioBytes / bytesPerMs / 1000).toFixed(1)} s of speech: "${words.trim()}"`;
  }
}

async function toolCalled(session: SmokeSession): Promise<ToolCall> {
  const untilMs = performance.now() + turnMsMax;
  for (;;) {
    const fact = await session.next('A tool call', untilMs);
    const call = fact.type === 'model.toolCalled' ? fact.calls[0] : undefined;
    if (call !== undefined) return call;
  }
}

async function handleOf(session: SmokeSession): Promise<string> {
  const untilMs = performance.now() + handleMsMax;
  while (session.handle === null) await session.next('A handle', untilMs);
  return session.handle;
}

helpIfAsked(usage);
// A connection that the service never answers would keep the process alive.
process.exit(await main());
