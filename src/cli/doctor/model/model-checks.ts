import { environmentAgent } from '../../../agents/agent-profile.ts';
import { textsAtDesk } from '../../../service/agent-setup.ts';
import { schedulingOf } from '../../../call/tooling/tool-call.ts';
import { greetingRequest } from '../../../call/talk/prompts.ts';
import type { CallFact } from '../../../call/events.ts';
import type { ModelAccess } from '../../../gemini/edge/access.ts';
import { behaviorOf, modelRules } from '../../../gemini/models.ts';
import { type AgentSetup, liveSetup } from '../../../gemini/setup.ts';
import { readLookupTable } from '../../../tools/lookup-file.ts';
import { type Check, type Finding, ok, skipped, warning, wrong } from '../check.ts';
import { CheckFailure } from '../check-failure.ts';
import type { Scene } from '../scene.ts';
import { SpeakingCaller } from './speaking-caller.ts';
import type { ModelBench } from './model-bench.ts';
import { callsIn, CheckedSession, SetupRefused } from './session.ts';
import { type OffendingField, offendingField } from './setup-fields.ts';

/** The end of a turn is held back until the service believes that it has been played (GM-TURN-1). */
const turnMsMax = 12_000;

/** Handles come with the end of a turn, before or behind it. */
const handleMsMax = 4_000;

/** The words of the caller come within half a second of the answer. */
const transcriptMsMax = 4_000;

const transcriptAdvice = 'Set GEMINI_TRANSCRIPTION to both, and take inputAudioTranscription out of GEMINI_SETUP_JSON.';
const hearingAdvice =
  'Take the variables TURN_DETECTION, GEMINI_VAD_… and GEMINI_SETUP_JSON out of .env, then try again; try another GEMINI_MODEL if it stays.';
const toolAdvice =
  'Let AGENT_PROMPT say nothing against the tools, and not forbid what the file holds; then try again, or another GEMINI_MODEL.';

/** Audio of the model: 24 kHz PCM16. */
const bytesPerMs = 48;

/** What a call needs of the model, each with the very code of a call. */
export const modelChecks: readonly Check[] = [
  { name: 'key and model', group: 'model', msMax: 25_000, run: openSession },
  { name: 'fallback model', group: 'model', msMax: 10_000, run: openFallback },
  { name: 'greeting', group: 'model', needs: ['key and model'], msMax: 14_000, run: greet },
  { name: 'hearing', group: 'model', needs: ['greeting'], msMax: 22_000, run: hear },
  { name: 'tool call', group: 'model', needs: ['hearing'], msMax: 14_000, run: callTool },
  { name: 'resumption', group: 'model', needs: ['hearing'], msMax: 18_000, run: resume },
];

async function openSession({ config, model }: Scene): Promise<Finding[]> {
  const { apiKey, baseUrl, vertex } = config.gemini;
  if (apiKey === null && baseUrl === null && vertex === null)
    return [
      wrong(
        'there is no key, so callers would talk to a simulation.',
        'Make a key at https://aistudio.google.com/apikey and write it into GEMINI_API_KEY: npm run setup.',
      ),
    ];
  const { agent, tools } = await model.parts();
  const startedAtMs = performance.now();
  try {
    const isAsked = modelRules(agent.model).behavior.greeting === 'onRequest';
    const greeting = greetingRequest(textsAtDesk(environmentAgent(config)).greeting).text;
    model.session = await CheckedSession.open(model.access, agent, isAsked ? {} : { recap: greeting });
  } catch (error) {
    return [await explained(error, model, agent)];
  }
  const ms = Math.round(performance.now() - startedAtMs);
  const what = `${agent.model} took the setup of a call with ${[...tools.keys()].join(', ')} after ${ms} ms`;
  const { setupMs } = config.patience;
  if (ms <= setupMs) return [ok(`${what}.`)];
  const advice = 'Shorten the prompt, run Parley nearer to the model, or raise MODEL_SETUP_MS.';
  return [warning(`${what}; a call gives up after ${setupMs} ms.`, advice)];
}

async function openFallback({ config, model }: Scene): Promise<Finding[]> {
  const { fallbackModel } = config.gemini;
  if (fallbackModel === null) return [ok('none is set.')];
  const agent = { ...(await model.parts()).agent, model: fallbackModel };
  try {
    const session = await CheckedSession.open(model.access, agent);
    await session.close();
    return [ok(`${fallbackModel} took the setup of a call.`)];
  } catch (error) {
    const { text, advice = '' } = await explained(error, model, agent);
    return [wrong(text, advice.replaceAll('GEMINI_MODEL', 'GEMINI_FALLBACK_MODEL'))];
  }
}

/** A refusal in words. When the service says only that something is wrong, the field is searched for. */
async function explained(error: unknown, { access }: ModelBench, agent: AgentSetup): Promise<Finding> {
  if (!(error instanceof SetupRefused)) throw error;
  const { message, advice } = error;
  if (!/invalid argument/i.test(error.refusal.reason)) return wrong(message, advice);
  const found = await searched(access, agent);
  if (found === null) return wrong(`${message} No field of the setup is to blame.`, advice);
  const rest = found.isOnlyOne ? 'Without it the setup is taken.' : 'It is not the only one.';
  return wrong(`${message} The service does not take ${found.path}. ${rest}`, `Change ${found.setting}.`);
}

async function searched(access: ModelAccess, agent: AgentSetup): Promise<OffendingField | null> {
  return offendingField(liveSetup(agent), async (setup) => {
    try {
      const session = await CheckedSession.open(access, agent, { alter: () => setup });
      await session.close();
      return true;
    } catch (error) {
      // A connection that fails says nothing about a field.
      if (error instanceof SetupRefused && error.refusal.code !== null) return false;
      throw error;
    }
  });
}

/** The first words, asked for as a call does. */
async function greet({ config, model }: Scene): Promise<Finding[]> {
  const session = sessionOf(model);
  if (modelRules(config.gemini.model).behavior.greeting === 'onRequest')
    session.say(greetingRequest(textsAtDesk(environmentAgent(config)).greeting).text);
  return [ok(`the model ${await spoken(session)}`)];
}

/** Speech goes in at the speed of speech; its words and a spoken answer must come out. */
async function hear({ config, model }: Scene): Promise<Finding[]> {
  const session = sessionOf(model);
  const { transcription } = config.gemini.setup;
  const { turnDetection } = behaviorOf(config.gemini.model, config.gemini.setup);
  const voice = new SpeakingCaller(session, turnDetection);
  const startedAtMs = performance.now();
  const untilMs = startedAtMs + voice.speechMs + turnMsMax;
  let heard = '';
  let answeredMs: number | null = null;
  const isHeard = (): boolean => heard !== '' || transcription === 'none' || transcription === 'agent';
  try {
    for (let isOver = false; !isOver || !isHeard();) {
      // Words may come behind the answer.
      const fact = isOver
        ? await session.next('The words that were said', performance.now() + transcriptMsMax, transcriptAdvice)
        : await session.next('An answer to what was said', untilMs, hearingAdvice);
      if (fact.type === 'model.callerTranscript') heard += fact.text;
      if (fact.type === 'model.audio') answeredMs ??= performance.now() - startedAtMs - voice.speechMs;
      if (fact.type === 'model.turnCompleted' && answeredMs !== null) isOver = true;
      await answerCalls(session, fact, model);
    }
  } finally {
    voice.stop();
  }
  const words = heard === '' ? '' : ` It understood: "${heard.trim()}".`;
  return [ok(`speech was answered ${Math.round(Math.max(0, answeredMs ?? 0))} ms after its end.${words}`)];
}

async function callTool({ config, model }: Scene): Promise<Finding[]> {
  const session = sessionOf(model);
  const table = config.lookupFile === null ? null : readLookupTable(config.lookupFile);
  const value = table?.records[0]?.find((text) => text !== '');
  session.say(
    value === undefined
      ? 'Thank you, that was all. Please say goodbye and end the call.'
      : `Please look up ${value} for me.`,
  );
  const untilMs = performance.now() + turnMsMax;
  for (;;) {
    const fact = await session.next('A tool call', untilMs, toolAdvice);
    const names = await answerCalls(session, fact, model);
    if (names.length > 0)
      return [
        ok(`the model called ${names.join(' and ')}${value === undefined ? '.' : `, and ${await spoken(session)}`}`),
      ];
  }
}

/** A new connection goes on with the session, as it does when one is lost. */
async function resume({ config, model }: Scene): Promise<Finding[]> {
  if (!config.gemini.setup.resumption) return [skipped('GEMINI_RESUMPTION is false.')];
  const session = sessionOf(model);
  const untilMs = performance.now() + handleMsMax;
  while (session.handle === null) await session.next('A handle to resume with', untilMs);
  const { handle } = session;
  await session.close();
  model.session = await CheckedSession.open(model.access, (await model.parts()).agent, { handle });
  model.session.say('Are you still there? Answer in one short sentence.');
  return [ok(`a new connection went on with the session: the model ${await spoken(model.session)}`)];
}

function sessionOf({ session }: ModelBench): CheckedSession {
  if (session === null) throw new CheckFailure('There is no session.', 'Run the doctor again.');
  return session;
}

/** Runs the tools that the model calls, but for those that change something, and returns their names. */
async function answerCalls(session: CheckedSession, fact: CallFact, model: ModelBench): Promise<string[]> {
  const { tools } = await model.parts();
  const calls = callsIn(fact);
  for (const { id, name, args } of calls) {
    const tool = tools.get(name);
    if (tool === undefined)
      throw new CheckFailure(`The model called ${name}, a tool that there is not.`, 'Run the doctor again.');
    if (tool.effect === 'write') {
      session.answer({
        id,
        name,
        response: { error: 'This is only a check. Nothing was done.' },
        scheduling: 'whenIdle',
      });
      continue;
    }
    const result = await tool.run(args, {
      signal: AbortSignal.timeout(turnMsMax),
      call: { callSid: 'doctor', from: null, to: null, agent: 'doctor', languageTag: null, timeZone: 'UTC' },
      key: `doctor-${id}`,
      log: () => {},
      fetch,
    });
    session.answer({ id, name, response: result.response, scheduling: schedulingOf(result) });
  }
  return calls.map(({ name }) => name);
}

/** Waits for a whole turn with speech in it, and says how much was said and what. */
async function spoken(session: CheckedSession): Promise<string> {
  const untilMs = performance.now() + turnMsMax;
  let words = '';
  for (let audioBytes = 0; ;) {
    const fact = await session.next('Speech of the model', untilMs);
    if (fact.type === 'model.audio') audioBytes += fact.pcm.length;
    if (fact.type === 'model.agentTranscript') words += fact.text;
    // A turn without speech ends what came before the answer to a tool call.
    if (fact.type === 'model.turnCompleted' && audioBytes > 0)
      return `spoke for ${(audioBytes / bytesPerMs / 1000).toFixed(1)} s: "${words.trim()}".`;
  }
}
