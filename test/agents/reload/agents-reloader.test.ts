import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import type { AgentBook } from '../../../src/agents/agent-book.ts';
import { openAgents } from '../../../src/agents/open-agents.ts';
import { AgentsReloader } from '../../../src/agents/reload/agents-reloader.ts';
import { loadConfig } from '../../../src/config/load/load-config.ts';
import { ParleyError } from '../../../src/errors.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { LogLines } from '../../log-lines.ts';
import { until } from '../../until.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const house = (greeting: string): string => `agents:\n  house:\n    default: true\n    greeting: ${greeting}\n`;

/** Agents that are read again as their files change. */
async function reloading(
  { onTestFinished }: TestContext,
  env: Readonly<Record<string, string>>,
  refuses: (book: AgentBook) => string | null = () => null,
  toolNames: () => readonly string[] = () => [],
) {
  const agents = await openAgents(loadConfig(env), { toolNames, isSimulated: false });
  const taken: AgentBook[] = [agents.book];
  const log = new LogLines();
  const take = (book: AgentBook): void => {
    const why = refuses(book);
    if (why !== null) throw new ParleyError('config.invalid', why);
    taken.push(book);
  };
  const reloader = new AgentsReloader({ agents, take, clock: systemClock, log: log.logger });
  onTestFinished(() => reloader.close());
  const agent = () => taken.at(-1)?.defaultAgent;
  return { reloader, log, taken, agent };
}

test.concurrent('a file that is written anew is read for the next call', async (context) => {
  const folder = temporaryFolder(context, { 'agents.yaml': house('One.') });
  const path = join(folder, 'agents.yaml');
  const { log, agent } = await reloading(context, { AGENTS_FILE: path });
  expect(agent()?.greeting).toBe('One.');
  writeFileSync(path, `${house('Two.')}  sales: { numbers: ["+4312345678"] }\n`);
  await until('the file is read', () => agent()?.greeting === 'Two.');
  expect(log.named('agentsReloaded')).toMatchObject([
    { agents: ['house', 'sales'], changed: ['house'], added: ['sales'], removed: [] },
  ]);
});

test.concurrent('a file that an editor puts in the place of the old one is read', async (context) => {
  const folder = temporaryFolder(context, { 'agents.yaml': house('One.') });
  const path = join(folder, 'agents.yaml');
  const { taken, agent } = await reloading(context, { AGENTS_FILE: path });
  for (const greeting of ['Two.', 'Three.']) {
    writeFileSync(`${path}.new`, house(greeting));
    renameSync(`${path}.new`, path);
    await until(`${greeting} is read`, () => agent()?.greeting === greeting);
  }
  expect(taken.length).toBe(3);
});

test.concurrent('a link that Kubernetes turns to another folder is followed, with the files that are named', async (context) => {
  const text = 'agents:\n  house: { default: true, prompt: { file: prompt.md } }\n';
  const folder = temporaryFolder(context, {
    'one/agents.yaml': text,
    'one/prompt.md': 'One.',
    'two/agents.yaml': text,
    'two/prompt.md': 'Two.',
  });
  const link = join(folder, '..data');
  symlinkSync('one', link);
  for (const name of ['agents.yaml', 'prompt.md']) symlinkSync(join('..data', name), join(folder, name));
  const { agent } = await reloading(context, { AGENTS_FILE: join(folder, 'agents.yaml') });
  expect(agent()?.prompt).toBe('One.');
  symlinkSync('two', `${link}.new`);
  renameSync(`${link}.new`, link);
  await until('the other folder is read', () => agent()?.prompt === 'Two.');
});

test.concurrent('a file that is wrong changes nothing, and each problem is one line of the log', async (context) => {
  const folder = temporaryFolder(context, { 'agents.yaml': house('One.') });
  const path = join(folder, 'agents.yaml');
  const { reloader, log, taken, agent } = await reloading(context, { AGENTS_FILE: path });
  writeFileSync(path, 'agents:\n  house:\n    defualt: true\n    voice: Puk\n');
  await until('the problems are told', () => log.named('agentsRefused').length === 2);
  expect(log.named('agentsRefused')).toMatchObject([{ fault: 'agents.fileInvalid' }, { fault: 'agents.fileInvalid' }]);
  expect(
    log.named('agentsRefused').map(({ problem }) => String(problem).replace(`${folder}/`, '').slice(0, 52)),
  ).toEqual([
    'agents.yaml:4:5 agents.house.voice is "Puk"; it want',
    'agents.yaml:3:5 agents.house.defualt is not known he',
  ]);
  expect(reloader.state.problems.length).toBe(2);
  expect([taken.length, agent()?.greeting]).toEqual([1, 'One.']);
  writeFileSync(path, house('Two.'));
  await until('the mended file is read', () => agent()?.greeting === 'Two.');
  expect(reloader.state.problems).toEqual([]);
});

test.concurrent('a file that is taken away changes nothing, and is read when it is back', async (context) => {
  const folder = temporaryFolder(context, {
    'agents.yaml': 'agents:\n  house: { default: true, prompt: { file: texts/prompt.md } }\n',
    'texts/prompt.md': 'One.',
  });
  const { reloader, log, agent } = await reloading(context, { AGENTS_FILE: join(folder, 'agents.yaml') });
  rmSync(join(folder, 'texts'), { recursive: true });
  await until('the problem is told', () => reloader.state.problems.length === 1);
  expect(agent()?.prompt).toBe('One.');
  expect(String(log.named('agentsRefused')[0]?.problem)).toContain('cannot be read: it does not exist');
  mkdirSync(join(folder, 'texts'));
  writeFileSync(join(folder, 'texts/prompt.md'), 'Two.');
  await until('it is read again', () => agent()?.prompt === 'Two.');
});

test.concurrent('agents that cannot answer a call are refused like a file that is wrong', async (context) => {
  const folder = temporaryFolder(context, { 'agents.yaml': house('One.') });
  const path = join(folder, 'agents.yaml');
  const { reloader, taken } = await reloading(context, { AGENTS_FILE: path }, () => 'The tool x cannot be declared.');
  writeFileSync(path, house('Two.'));
  await until('the problem is told', () => reloader.state.problems.length === 1);
  expect(reloader.state.problems).toEqual(['The tool x cannot be declared.']);
  expect(taken.length).toBe(1);
});

/** Files of agents and tools are often changed together. An agent was refused for good when its tool came while its file was being read. */
test.concurrent('a tool that comes while the file is read is found by the next reading', async (context) => {
  const folder = temporaryFolder(context, { 'agents.yaml': house('One.') });
  const path = join(folder, 'agents.yaml');
  let names: readonly string[] = [];
  let cameMeanwhile: (() => void) | null = null;
  const { reloader, log, agent } = await reloading(
    context,
    { AGENTS_FILE: path },
    () => null,
    () => {
      const before = names;
      cameMeanwhile?.();
      return before;
    },
  );
  cameMeanwhile = () => {
    names = ['weather'];
    reloader.tryAgain();
  };
  writeFileSync(path, `${house('Two.')}    tools: [weather]\n`);
  await until('the agent has its tool', () => agent()?.greeting === 'Two.');
  expect(log.named('agentsRefused').length).toBe(1);
});

test.concurrent('AGENT_PROMPT_FILE is read again where there is one agent', async (context) => {
  const folder = temporaryFolder(context, { 'prompt.md': 'One.\n' });
  const path = join(folder, 'prompt.md');
  const { reloader, log, agent } = await reloading(context, { AGENT_PROMPT_FILE: path });
  expect(agent()?.prompt).toBe('One.');
  writeFileSync(path, '\n');
  await until('the problem is told', () => reloader.state.problems.length === 1);
  expect(log.named('agentsRefused')).toMatchObject([{ problem: `AGENT_PROMPT_FILE names ${path}, which is empty.` }]);
  writeFileSync(path, 'Two.\n');
  await until('it is read again', () => agent()?.prompt === 'Two.');
});

test.concurrent('what fails in Parley itself is logged, and the files are looked at again', async (context) => {
  const folder = temporaryFolder(context, { 'agents.yaml': house('One.') });
  const path = join(folder, 'agents.yaml');
  let isBroken = true;
  const { taken, log, agent } = await reloading(context, { AGENTS_FILE: path }, () => {
    if (isBroken) throw new RangeError('broken');
    return null;
  });
  writeFileSync(path, house('Two.'));
  await until('the fault is logged', () => log.named('agentsReloadBroke').length === 1);
  isBroken = false;
  writeFileSync(path, house('Three.'));
  await until('it is read again', () => agent()?.greeting === 'Three.');
  expect(taken.length).toBe(2);
});

test('without files there is nothing to watch, and wrong ones are refused at the start', async (context) => {
  const { reloader } = await reloading(context, {});
  expect(reloader.state.problems).toEqual([]);
  const path = join(temporaryFolder(context, { 'agents.yaml': 'agents: []\n' }), 'agents.yaml');
  const opens = openAgents(loadConfig({ AGENTS_FILE: path }), { toolNames: () => [], isSimulated: false });
  await expect(opens).rejects.toMatchObject({
    code: 'agents.fileInvalid',
    message: expect.stringContaining(`${path}:1:1 agents is no map`),
  });
});
