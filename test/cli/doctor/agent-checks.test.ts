import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentChecks } from '../../../src/cli/doctor/agent-checks.ts';
import { fileChecks } from '../../../src/cli/doctor/file-checks.ts';
import { Scene } from '../../../src/cli/doctor/scene.ts';
import { loadConfig } from '../../../src/config/load/load-config.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const text = `
agents:
  house: { default: true }
  sales:
    numbers: ["01 2345678"]
    destinations: { boss: "01 2345670 ext. 3" }
`;

test('who answers which number is told, and with whom each agent connects callers', async (context) => {
  const folder = temporaryFolder(context, { 'agents.yaml': text });
  const config = loadConfig({ AGENTS_FILE: join(folder, 'agents.yaml'), PHONE_COUNTRY: 'AT' });
  const scene = new Scene(config, { env: {}, nodeVersion: '', unixMs: Date.now, route: (url) => url });
  context.onTestFinished(async () => scene.close());
  const findings = await Promise.all(agentChecks.map(async ({ run }) => run(scene)));
  expect(findings.flat().filter(({ level }) => level === 'ok')).toMatchObject([
    { text: 'house answers all other numbers, and connects callers with nobody.' },
    {
      text: 'sales answers +4312345678, and connects callers with boss +4312345670 and then the keys ww3, taken by pressing 1.',
    },
  ]);
});

const own = 'You answer the phone of a shop that sells shoes, and are kind.';

const severalAgents = `
agents:
  house:
    default: true
    prompt: "${own}"
    fallback: { number: "01 2345671" }
  sales:
    numbers: ["01 2345678"]
    destinations: { boss: "01 2345670" }
`;

test('what the agents of a file lack is told of each by its name, and of the environment’s agent, who answers nobody, nothing', async (context) => {
  const folder = temporaryFolder(context, { 'agents.yaml': severalAgents });
  const config = loadConfig({ AGENTS_FILE: join(folder, 'agents.yaml'), PHONE_COUNTRY: 'AT' });
  const scene = new Scene(config, { env: {}, nodeVersion: '', unixMs: Date.now, route: (url) => url });
  context.onTestFinished(async () => scene.close());
  const ofOneAgent = fileChecks.filter(({ name }) => ['prompt', 'transfer', 'fallback'].includes(name));
  expect((await Promise.all(ofOneAgent.map(async ({ run }) => run(scene)))).flat()).toEqual([]);
  const findings = (await Promise.all(agentChecks.map(async ({ run }) => run(scene)))).flat();
  expect(findings.filter(({ level }) => level !== 'ok').map(({ text: line }) => line)).toEqual([
    'sales: it has no prompt, and neither AGENT_PROMPT nor AGENT_PROMPT_FILE is set: the agent is the assistant of some company.',
    'sales: when the agent fails, callers hear the apology and a goodbye.',
    'without TWILIO_ACCOUNT_SID a transfer fails when the stream is lost at that moment.',
  ]);
});
