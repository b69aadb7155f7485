import type { AgentProfile } from '../../agents/agent-profile.ts';
import { AgentsSource } from '../../agents/agents-source.ts';
import { type Check, type Finding, ok, warning, wrong } from './check.ts';
import { judgeFallback, judgePrompt, placesWords, transferAdvice, transferCanFail } from './agent-findings.ts';
import type { Scene } from './scene.ts';

/** The agents of AGENTS_FILE: who answers which number, or what is wrong. */
export const agentChecks: readonly Check[] = [
  { group: 'files', isOffline: true, msMax: 5_000, name: 'agents', run: judgeAgents },
];

async function judgeAgents(scene: Scene): Promise<Finding[]> {
  const { config } = scene;
  if (config.agentsFile === null) return [ok('AGENTS_FILE is not set, so one agent answers every number.')];
  const names = await scene.openTools().then(
    (tools) => tools.names,
    // What is wrong with them is said, and which of them the agents name is not known.
    () => null,
  );
  const means = { toolNames: names === null ? null : () => names, isSimulated: false };
  const read = await new AgentsSource(config, means).read();
  const advice = 'Correct the line. docs/agents.md says what the file holds.';
  const warnings = read.warnings.map((line) => warning(line, advice));
  if (read.book === null) return [...read.problems.map((line) => wrong(line, advice)), ...warnings];
  const { defaultAgent, agents } = read.book;
  const found = agents.flatMap((agent) => findingsOf(agent, agent === defaultAgent));
  const canFail = config.twilio.accountSid === null && agents.some(({ destinations }) => destinations.size > 0);
  return [...found, ...(canFail ? [warning(`${transferCanFail}.`, transferAdvice)] : []), ...warnings];
}

/** What an agent answers, and what it lacks. */
function findingsOf(agent: AgentProfile, isDefault: boolean): Finding[] {
  const { name, numbers, destinations, prompt, fallback } = agent;
  const all = [...numbers, ...(isDefault ? ['all other numbers'] : [])];
  const whom = destinations.size === 0 ? 'nobody' : placesWords(destinations);
  const judged = [judgePrompt(prompt, 'AGENTS_FILE'), judgeFallback(fallback)];
  return [
    ok(`${name} answers ${all.join(', ')}, and connects callers with ${whom}.`),
    ...judged.filter(({ level }) => level !== 'ok').map((one) => ({ ...one, text: `${name}: ${one.text}` })),
  ];
}
