import type { TestContext } from 'vitest';
import { callerSpeech } from '../../../src/cli/probe/caller-speech.ts';
import type { Allowance } from '../../../src/cli/probe/budget.ts';
import type { Question } from '../../../src/cli/probe/question.ts';
import { allQuestions } from '../../../src/cli/probe/questions.ts';
import { type Answer, runProbe } from '../../../src/cli/probe/run-probe.ts';
import { builtInPrices } from '../../../src/config/prices.ts';
import { standardSetup } from '../../../src/gemini/setup-settings.ts';
import type { AgentSetup } from '../../../src/gemini/setup.ts';
import { type ModelServer, startModelServer } from '../../../src/sim/model/hosts/server.ts';
import type { ScriptInput } from '../../../src/sim/model/script/script.ts';
import { toneClip } from '../../tone.ts';

export const apiKey = 'gemini-key-7c01f2aa';

/** The agent of the questions that ask with the production setup. */
export const instruction = 'You answer the order desk.';

const clips = new Map([
  ['beep', toneClip(600, 100, 'Yes.')],
  ['marmalade', toneClip(600, 100, 'Marmalade.')],
  ['story', toneClip(500, 8_000, 'One, two, three, four.')],
  ['sentence', toneClip(500, 3_000, 'These are ten words.')],
]);

const beep = { steps: [{ say: 'beep' }] };
const lookUp = { call: { name: 'look_up_order', args: { order: 'A1042' }, answered: [{ say: 'beep' }] } };

/** A model that does what Parley relies on, fast. */
export const faithful: ScriptInput = {
  turns: [beep, { heard: 'The number I have is A 1042.', steps: [{ say: 'beep' }] }],
  repeat: true,
  replies: [
    { to: 'look up order', turn: { steps: [lookUp] } },
    { to: 'password', turn: { steps: [{ say: 'marmalade' }] } },
    { to: 'What is the code word', turn: { steps: [{ say: 'marmalade' }] } },
    { to: 'Count slowly', turn: { steps: [{ say: 'story' }] } },
    { to: 'ten words', turn: { steps: [{ say: 'sentence' }] } },
    { to: ' ', turn: beep },
  ],
  setupMs: 5,
  latencyMs: 5,
  heardMs: 20,
};

/** Long enough for any machine, and much more than is needed. */
export const generous: Allowance = { minutes: 30, sessions: 500, dollars: 100 };

export async function simulatedService(
  { onTestFinished }: TestContext,
  script: Parameters<typeof startModelServer>[0]['script'],
): Promise<ModelServer> {
  const model = await startModelServer({ script, clips, apiKey });
  onTestFinished(() => model.close());
  return model;
}

/** Asks these questions, in the order in which the command asks them. */
export function askAll(
  url: string,
  ids: readonly string[],
  {
    pace = 10,
    allowance = generous,
    more = [],
  }: { pace?: number; allowance?: Allowance; more?: readonly Question[] } = {},
): Promise<readonly Answer[]> {
  const questions = [...allQuestions.filter(({ id }) => ids.includes(id)), ...more];
  return runProbe({
    questions,
    agentFor: ({ model }) => (model === 'configured' ? agent : { ...agent, model: `${agent.model}-extended-thinking` }),
    access: { apiKey, baseUrl: url },
    greeting: 'Hello.',
    speech,
    pace,
    allowance,
    prices: builtInPrices,
    onAnswer: () => {},
  });
}

/** What was seen, by question and name. */
export function seen(answers: readonly Answer[]): Record<string, Record<string, string>> {
  return Object.fromEntries(
    answers.map(({ question, findings }) => [
      question.id,
      Object.fromEntries(findings.map(({ what, seen: words }) => [what, words])),
    ]),
  );
}

const agent: AgentSetup = {
  model: 'gemini-3.8-live',
  systemInstruction: instruction,
  voice: 'Kore',
  tools: [],
  settings: standardSetup,
};

const speech = callerSpeech();
