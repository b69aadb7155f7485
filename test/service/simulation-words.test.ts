import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load/load-config.ts';
import { isSimulation, simulationWords } from '../../src/service/simulation-words.ts';

const lookup = 'With LOOKUP_FILE the agent also looks something up.';
const transfer = 'With TRANSFER_DESTINATIONS the agent also connects the caller with somebody.';

test('a simulation names the settings with which it shows more', () => {
  expect(wishesOf({})).toEqual([lookup, transfer]);
  expect(wishesOf({ LOOKUP_FILE: 'orders.csv' })).toEqual([transfer]);
  expect(wishesOf({ LOOKUP_FILE: 'orders.csv', TRANSFER_DESTINATIONS: 'support=+12025550100' })).toBeNull();
});

test.for([
  [{}, true],
  [{ GEMINI_API_KEY: 'AQ.0123456789abcdef0123' }, false],
  [{ GEMINI_BASE_URL: 'http://127.0.0.1:9000' }, false],
] as const)('%j: a simulation is %s', ([env, expected]) => {
  expect(isSimulation(loadConfig(env))).toBe(expected);
});

test('where there are pages, the one that calls the agent is named', () => {
  expect(simulationWords(loadConfig({}))).toContain('Browser phone calls the agent.');
  expect(simulationWords(loadConfig({ ADMIN_PORT: 'off' }))).not.toContain('Browser phone');
});

function wishesOf(env: Readonly<Record<string, string>>) {
  return simulationWords(loadConfig(env)).match(/^With .*/gm);
}
