import { expect, test } from 'vitest';
import { agentText } from '../../../src/store/history/agent-words.ts';

test('an agent is known by its name, and the simulated one by what it is', () => {
  expect(['reception', 'gemini-3.8-live', 'simulated'].map(agentText)).toEqual([
    'reception',
    'gemini-3.8-live',
    'the simulated agent',
  ]);
});
