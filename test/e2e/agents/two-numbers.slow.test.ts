import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { z } from 'zod';
import { openAgents } from '../../../src/agents/open-agents.ts';
import { readHeader } from '../../../src/calllog/read-log.ts';
import { loadConfig } from '../../../src/config/load/load-config.ts';
import { openJournal } from '../../../src/store/sqlite/open-journal.ts';
import type { CallReport } from '../../../src/sim/carrier/call-report.ts';
import { builtInTools } from '../../../src/tools/built-in.ts';
import { createTools, defineTool } from '../../../src/tools/tool.ts';
import { LogLines } from '../../log-lines.ts';
import { callForm, post } from '../../twilio/twilio-client.ts';
import { valueOf } from '../../metrics/scrape-text.ts';
import { until } from '../../until.ts';
import { environment, type SceneOptions, ServiceScene } from '../service-scene.ts';

const salesNumber = '+15550111';
const supportNumber = '+15550222';
const boss = '+12025550133';
const engineer = '+12025550144';

const text = `
agents:
  sales:
    numbers: ["+1 555 0111"]
    default: true
    greeting: Welcome to sales.
    language: de-AT
    apology: Verzeihung.
    voice: Puck
    tools: [price]
    destinations: { boss: "${boss}" }
    fallback: { number: none, voicemail: true, voicemail_prompt: Bitte sprechen. }
  support:
    numbers: ["+1 555 0222"]
    greeting: Welcome to support.
    tools: [manual]
    destinations: { engineer: "${engineer}" }
`;

/** The model passes the caller on to whomever its agent may connect with, as the tools of its setup say. */
const passesOn = (setup: unknown) => {
  const destination = JSON.stringify(setup).includes('engineer') ? 'engineer' : 'boss';
  const steps = [{ say: 'beep' }, { call: { name: 'transfer_call', args: { destination } } }, { say: 'beep' }];
  return { turns: [{ steps }], setupMs: 0, latencyMs: 0 };
};

interface AgentsScene {
  readonly scene: ServiceScene;
  readonly folder: string;
  readonly write: (changed: string) => void;
}

/** A service whose agents stand in a file. */
async function open(
  context: TestContext,
  { env = {}, parts = {}, ...options }: SceneOptions = {},
): Promise<AgentsScene> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  context.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'agents.yaml');
  writeFileSync(path, text);
  const tools = createTools([
    ...['price', 'manual'].map((name) =>
      defineTool({ name, description: `Looks into the ${name}.`, parameters: z.object({}), run: () => 'Nothing.' }),
    ),
    ...builtInTools({ lookupTable: null, destinations: [] }),
  ]);
  const config = loadConfig({ ...environment(''), GEMINI_BASE_URL: 'http://127.0.0.1:1', AGENTS_FILE: path });
  const agents = await openAgents(config, { toolNames: () => [...tools.keys()], isSimulated: false });
  const settings = { AGENTS_FILE: path, ...env };
  const scene = await ServiceScene.open(context, { ...options, env: settings, parts: { tools, agents, ...parts } });
  return { scene, folder, write: (changed) => writeFileSync(path, changed) };
}

const answered = { type: 'answered', ringMs: 50, talkMs: 100 } as const;
const dialOutcomes = { [boss]: answered, [engineer]: answered };

async function transferred(scene: ServiceScene, to: string): Promise<{ report: CallReport; setup: string }> {
  const phone = scene.call({ to, dialOutcomes });
  const report = await phone.ended;
  const session = scene.model.sessions.at(-1);
  return { report, setup: JSON.stringify([session?.setup, session?.timeline]) };
}

test.concurrent('two numbers get two greetings, two voices, two tool sets and two people', async (context) => {
  const { scene } = await open(context, { model: { script: passesOn } });
  const sales = await transferred(scene, salesNumber);
  expect(sales.report.timeline.filter(({ kind }) => kind === 'dial.started')).toMatchObject([{ to: boss }]);
  expect(sales.setup).toContain('Welcome to sales.');
  expect(sales.setup).toContain('"voiceName":"Puck"');
  expect(sales.setup).toContain('Austrian German');
  expect(sales.setup).toContain('Looks into the price.');
  expect(sales.setup).not.toMatch(/Looks into the manual|engineer/);

  const support = await transferred(scene, supportNumber);
  expect(support.report.timeline.filter(({ kind }) => kind === 'dial.started')).toMatchObject([{ to: engineer }]);
  expect(support.setup).toContain('Welcome to support.');
  expect(support.setup).toContain('"voiceName":"Kore"');
  expect(support.setup).not.toMatch(/Looks into the price|boss|Austrian/);

  // A number that is nobody's, as one that Twilio withholds, is answered by the default agent.
  const other = await transferred(scene, '+15550999');
  expect(other.report.timeline.filter(({ kind }) => kind === 'dial.started')).toMatchObject([{ to: boss }]);
});

function incoming(to: string, digit: string) {
  return callForm({ CallSid: `CA${digit.repeat(32)}`, To: to, CallStatus: 'ringing' });
}

test.concurrent('callers for whom there is no room get what their number offers, in its language', async (context) => {
  const { scene } = await open(context, { env: { MAX_CONCURRENT_CALLS: '1' } });
  scene.call({ to: supportNumber });
  await until('the only place is taken', () => scene.service.registry.liveCount === 1);
  const sales = await post(scene.url, '/twilio/voice', incoming(salesNumber, '1'));
  expect(sales.text).toContain('<Say language="de-AT">Verzeihung. Bitte sprechen.</Say><Record');
  const support = await post(scene.url, '/twilio/voice', incoming(supportNumber, '2'));
  expect(support.text).toMatch(/<Dial .*<Number>\+12025550199<\/Number>/);
});

test.concurrent('a changed file is used for the next call, and a live one keeps its agent', async (context) => {
  const { scene, write } = await open(context);
  const first = scene.call({ to: supportNumber, dialOutcomes });
  await until('the first greeting', () => scene.log.named('transcript').length === 1);
  write(text.replace('Welcome to support.', 'Support is back.').replace('voice: Puck', 'voice: Nobody'));
  await until('the problem is told', () => scene.log.named('agentsRefused').length === 1);
  expect(scene.log.named('agentsRefused')[0]?.problem).toMatch(/agents\.yaml:9:5 agents\.sales\.voice is "Nobody"/);
  write(text.replace('Welcome to support.', 'Support is back.').replace(engineer, boss));
  await until('the file is read', () => scene.log.named('agentsReloaded').length === 1);
  const second = scene.call({ to: supportNumber, dialOutcomes });
  await until('the second greeting', () => scene.log.named('transcript').length === 2);
  const greetings = scene.model.sessions.map(
    ({ timeline }) => /Support is back|Welcome to support/.exec(JSON.stringify(timeline))?.[0],
  );
  expect(greetings).toEqual(['Welcome to support', 'Support is back']);
  for (const { callSid } of [first, second])
    scene.service.registry.find(callSid)?.order({ type: 'operator.transferred', destination: 'engineer' });
  const dialled = (await Promise.all([first.ended, second.ended])).map(({ timeline }) =>
    timeline.flatMap((note) => (note.kind === 'dial.started' ? [note.to] : [])),
  );
  expect(dialled).toEqual([[engineer], [boss]]);
});

test.concurrent('calls are counted by agent, also by one that a changed file brings', async (context) => {
  const token = 'a-token-of-an-operator';
  const { scene, write } = await open(context, { env: { ADMIN_PORT: '0', ADMIN_TOKEN: token } });
  const begun = async (agent: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    const metrics = await fetch(`http://127.0.0.1:${scene.service.admin?.port}/metrics`, { headers });
    return valueOf(await metrics.text(), 'parley_calls_begun_total', { agent, how: 'new' });
  };
  const first = scene.call({ to: supportNumber });
  await until('the first greeting', () => scene.log.named('transcript').length === 1);
  write(text.replace('support:', 'night:'));
  await until('the file is read', () => scene.log.named('agentsReloaded').length === 1);
  const second = scene.call({ to: supportNumber });
  await until('the second greeting', () => scene.log.named('transcript').length === 2);
  expect([await begun('sales'), await begun('support'), await begun('night')]).toEqual([0, 1, 1]);
  for (const phone of [first, second]) phone.hangUp();
});

test.concurrent('the journal, the board and the recording name the agent, and the next process finds it', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  context.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'journal.sqlite');
  const openOne = () => openJournal({ file, log: new LogLines().logger, limits: { answerMsMax: 20_000 } });
  const journal = openOne();
  const { scene } = await open(context, { env: { RECORD_DIR: join(folder, 'calls') }, parts: { journal } });
  const phone = scene.call({ to: supportNumber });
  await until('the greeting', () => scene.log.named('transcript').length === 1);
  await until('an open journal', () => journal.state.kind === 'open');
  const { callSid } = phone;
  const stopped = scene.service.stop(0);
  const next = openOne();
  const { scene: after } = await open(context, { modelUrl: scene.model.url, parts: { journal: next } });
  await stopped;
  const kept = await next.read(callSid);
  expect(kept?.entries).toContainEqual(expect.objectContaining({ kind: 'agent', name: 'support' }));
  const asked = callForm({ CallSid: callSid, To: supportNumber, CallStatus: 'in-progress' });
  expect((await post(after.url, '/twilio/stream-ended?stream=1', asked)).text).toContain('<Stream');
  const setup = await until('the setup of another session', () => scene.model.sessions[1]?.setup);
  expect(JSON.stringify(setup)).toContain('Looks into the manual.');
  await post(after.url, '/twilio/status', callForm({ CallSid: callSid, CallStatus: 'completed' }));

  const log = readdirSync(join(folder, 'calls')).find((name) => name.endsWith('.jsonl')) ?? '';
  const [header = ''] = readFileSync(join(folder, 'calls', log), 'utf8').split('\n');
  expect(readHeader(header).agent).toEqual({ name: 'support', model: 'gemini-3.8-live' });
  expect(readHeader(header).settings.destinations).toMatchObject({ engineer: { targets: [{ address: engineer }] } });
});
