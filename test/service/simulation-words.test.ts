import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load/load-config.ts';
import { isSimulation, linkWords, simulationWords } from '../../src/service/simulation-words.ts';

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

// It was said before the pages were open, and stood there without a link where another program had their port.
test('the page that calls the agent is named with the link that leads there', () => {
  expect(simulationWords(loadConfig({}))).not.toContain('Browser phone');
  const link = 'http://localhost:8081/?token=t';
  const words = `The operator's pages: ${link}\n`;
  expect(linkWords(link, loadConfig({}))).toBe(`${words}Behind it, the page Browser phone calls the agent.\n`);
  expect(linkWords(link, loadConfig({ GEMINI_API_KEY: 'AQ.0123456789abcdef0123' }))).toBe(words);
});

function wishesOf(env: Readonly<Record<string, string>>) {
  return simulationWords(loadConfig(env)).match(/^With .*/gm);
}
