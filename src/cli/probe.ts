import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Config } from '../config/config.ts';
import { loadSettings } from '../config/load-settings.ts';
import { ParleyError } from '../errors.ts';
import { type ModelAccess, modelAccess } from '../gemini/edge/access.ts';
import { modelIds } from '../gemini/models.ts';
import type { AgentSetup } from '../gemini/setup.ts';
import { environmentAgent } from '../agents/agent-profile.ts';
import { agentSetup, textsAtDesk } from '../service/agent-setup.ts';
import { builtInTools } from '../tools/built-in.ts';
import { readLookupTable } from '../tools/lookup-file.ts';
import { createTools } from '../tools/tool.ts';
import { writeFiles } from './new-files.ts';
import type { Allowance, Budget } from './probe/budget.ts';
import { callerSpeech } from './probe/caller-speech.ts';
import { type Estimate, estimateOf } from './probe/estimate.ts';
import type { Question } from './probe/question.ts';
import { allQuestions } from './probe/questions.ts';
import { frameLines, reportText } from './probe/report.ts';
import { type Answer, runProbe } from './probe/run-probe.ts';
import { Scrubber, secretsOf } from './probe/scrubber.ts';
import { type Command, shownPath, startCommand, type Terminal } from './terminal/terminal.ts';

const usage = `Usage: npm run probe -- [--minutes 12] [--sessions 100] [--dollars 2] [--only id,id] [--out FOLDER] [--plan]
  Asks the real Gemini service what its documentation leaves open, with the settings of .env, and writes what it says
  into a folder: a report, and every frame without keys, addresses and projects.
  --minutes N     how long it may take; what is not asked by then is left out
  --sessions N    how many model sessions it may open
  --dollars N     it does not begin when more is expected, and asks no further when so much was billed
  --only IDS      these questions alone
  --out FOLDER    where to; out/probe/<time> unless set
  --plan          says what would be asked and what it would cost, and asks nothing`;

interface Order {
  readonly config: Config;
  readonly questions: readonly Question[];
  readonly allowance: Allowance;
  readonly folder: string;
  readonly isPlanOnly: boolean;
}

/** Returns the exit code: 0 when every question was answered, 1 when one was not, 2 for wrong options or settings. */
async function main(terminal: Terminal): Promise<number> {
  const { print, complain } = terminal;
  const order = readOrder(terminal);
  const { config, questions, allowance, folder } = order;
  const estimate = estimateOf(questions, (question) => modelOf(question, config), config.prices);
  for (const line of planLines(questions, estimate, allowance)) print(line);
  if (order.isPlanOnly) return 0;
  if (config.gemini.apiKey === null && config.gemini.vertex === null) {
    complain(
      'GEMINI_API_KEY is not set, and the probe asks the real service. Write the key into .env, or run npm run setup.',
    );
    return 1;
  }
  if ((estimate.dollars ?? 0) > allowance.dollars) {
    complain(`That may cost more than $${allowance.dollars}. Allow more with --dollars, or ask less with --only.`);
    return 1;
  }
  const answers = await askOrTell(order, terminal);
  if (answers === null) return 1;
  print(`\n${shownPath(terminal, join(folder, 'report.md'))} says it all.`);
  return answers.every(({ outcome }) => outcome === 'answered') ? 0 : 1;
}

function readOrder({ args, env, folder: terminalFolder }: Terminal): Order {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '12' },
      sessions: { type: 'string', default: '100' },
      dollars: { type: 'string', default: '2' },
      only: { type: 'string' },
      out: { type: 'string' },
      plan: { type: 'boolean', default: false },
    },
  });
  const allowance = {
    minutes: numberOption('--minutes', values.minutes, 120),
    sessions: numberOption('--sessions', values.sessions, 1_000),
    dollars: numberOption('--dollars', values.dollars, 1_000),
  };
  const questions = chosen(values.only);
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const folder = values.out ?? join(terminalFolder, 'out', 'probe', stamp);
  return { config: loadSettings(env), questions, allowance, folder, isPlanOnly: values.plan };
}

function numberOption(option: string, text: string, max: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= max) return value;
  throw new ParleyError('config.invalid', `${option} wants a number above 0 and up to ${max}, not "${text}".`);
}

function chosen(only: string | undefined): readonly Question[] {
  if (only === undefined) return allQuestions;
  const ids = only.split(',').map((id) => id.trim());
  const unknown = ids.filter((id) => !allQuestions.some((question) => question.id === id));
  const known = allQuestions.map(({ id }) => id).join(', ');
  if (unknown.length > 0)
    throw new ParleyError('config.invalid', `There is no question named ${unknown.join(', ')}. There are: ${known}.`);
  return allQuestions.filter(({ id }) => ids.includes(id));
}

function planLines(
  questions: readonly Question[],
  { minutesMax, sessions, dollars }: Estimate,
  allowed: Allowance,
): string[] {
  const cost = dollars === null ? 'at a price that the table does not hold' : `about $${dollars.toFixed(2)}`;
  return [
    ...questions.map(({ id, asks }) => `${id.padEnd(24)}${asks}`),
    `Questions: ${questions.length}. They take ${Math.ceil(minutesMax)} min at most, ${sessions} sessions, ${cost}.`,
    `Allowed: ${allowed.minutes} minutes, ${allowed.sessions} sessions, $${allowed.dollars}. What is not asked by then is left out.`,
  ];
}

/** Null, and the reason is told, when what the settings name cannot be used. */
async function askOrTell(order: Order, terminal: Terminal): Promise<readonly Answer[] | null> {
  try {
    return await ask(order, terminal);
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    terminal.complain(error.message);
    return null;
  }
}

/** Asks, and writes the report anew after each answer, so that one who breaks off has what was answered. */
async function ask(
  { config, questions, allowance, folder }: Order,
  { print, complain }: Terminal,
): Promise<readonly Answer[]> {
  const agent = configuredAgent(config);
  const access = modelAccess(config);
  const scrubber = new Scrubber(secretsOf(config));
  const at = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const answers: Answer[] = [];
  return runProbe({
    questions,
    agentFor: (question) => ({ ...agent, model: modelOf(question, config) }),
    access,
    greeting: textsAtDesk(environmentAgent(config)).greeting,
    speech: callerSpeech(),
    pace: 1,
    allowance,
    prices: config.prices,
    onAnswer(answer: Answer, { sessionsUsed, dollarsUsed }: Budget) {
      answers.push(answer);
      const head = { at, model: agent.model, ...whereabouts(access), sessions: sessionsUsed, dollars: dollarsUsed };
      const problem =
        writeFiles(folder, { 'report.md': reportText(head, answers, scrubber) }) ??
        writeFiles(join(folder, 'frames'), { [`${answer.question.id}.jsonl`]: frameLines(answer, scrubber) });
      const words = answer.why === null ? '' : `: ${scrubber.text(answer.why)}`;
      print(`${answer.outcome.padEnd(10)}${answer.question.id}, ${(answer.tookMs / 1000).toFixed(1)} s${words}`);
      for (const { what, seen, agrees } of answer.findings)
        print(`  ${agrees === false ? 'OTHER ' : ''}${what}: ${scrubber.text(seen)}`);
      if (problem !== null) complain(problem);
    },
  });
}

/** The agent that `npm start` would answer with, and a table to look something up in. */
function configuredAgent(config: Config): AgentSetup {
  const ownTable = fileURLToPath(new URL('../../fixtures/data/orders.csv', import.meta.url));
  const lookupTable = readLookupTable(config.lookupFile ?? ownTable);
  const tools = createTools(builtInTools({ lookupTable, destinations: [...config.transferDestinations.keys()] }));
  return agentSetup(environmentAgent(config), config, { tools, searches: [] });
}

function modelOf({ model }: Question, config: Config): string {
  if (model === 'configured') return config.gemini.model;
  const ids = modelIds(config.gemini.vertex === null ? 'geminiApi' : 'vertex');
  return ids.find((id) => id.endsWith('extended-thinking')) ?? config.gemini.model;
}

/** A probe on Google's own service says so: nothing else proves anything. */
function whereabouts(access: ModelAccess): { readonly where: string; readonly isGoogle: boolean } {
  const where = 'vertex' in access ? 'through Vertex AI' : 'through the Gemini API';
  return { where, isGoogle: access.baseUrl === null };
}

export const probeCommand: Command = { usage, run: main };

// A connection that the service never answers would keep the process alive.
if (import.meta.main) await startCommand(probeCommand, 'atOnce');
