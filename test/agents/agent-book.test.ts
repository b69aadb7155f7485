import { expect, test } from 'vitest';
import { AgentBook } from '../../src/agents/agent-book.ts';
import { environmentAgent } from '../../src/agents/agent-profile.ts';
import { loadConfig } from '../../src/config/load/load-config.ts';

const house = environmentAgent(loadConfig({}));
const sales = { ...house, name: 'sales', numbers: ['+15550101', '+15550102'] };

test('the agent of a number answers it, and the default one every other', () => {
  const book = new AgentBook(house, [sales]);
  expect([...sales.numbers, '+15550103', 'sip:house@example.com', null].map((to) => book.find(to).name)).toEqual([
    'sales',
    'sales',
    house.name,
    house.name,
    house.name,
  ]);
  expect(book.agents.map(({ name }) => name)).toEqual([house.name, 'sales']);
});

test('the environment describes one agent, which answers every number', () => {
  const config = loadConfig({ TRANSFER_DESTINATIONS: 'support=+12025550100', AGENT_LANGUAGE: 'de-AT' });
  const agent = environmentAgent(config);
  const book = new AgentBook(agent);
  expect(book.find('+15550188')).toBe(agent);
  expect(agent).toMatchObject({ name: config.gemini.model, languageTag: 'de-AT', tools: 'all' });
  expect([...agent.destinations]).toMatchObject([['support', { targets: [{ address: '+12025550100' }] }]]);
  expect(environmentAgent(config, true).name).toBe('simulated');
});
