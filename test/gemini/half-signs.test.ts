import { expect, test } from 'vitest';
import { standardSetup } from '../../src/gemini/setup-settings.ts';
import { liveSetup, textTurn, toolResponses } from '../../src/gemini/setup.ts';

/** A text that was cut in the middle of its last sign. */
const cut = 'Good day 👋'.slice(0, -1);
const mended = 'Good day \uFFFD';

const agent = {
  model: 'gemini-3.8-live',
  voice: 'Kore',
  systemInstruction: `You are brief. ${cut}`,
  tools: [],
  settings: standardSetup,
};

test('a text that was cut in the middle of a sign goes to the model without half of it', () => {
  expect(textTurn(cut).turns).toEqual([{ role: 'user', parts: [{ text: mended }] }]);
  expect(liveSetup(agent, { handle: null, recap: cut }).config.systemInstruction).toBe(
    `You are brief. ${mended}\n\n${mended}`,
  );
  expect(textTurn('Good day 👋').turns).toEqual([{ role: 'user', parts: [{ text: 'Good day 👋' }] }]);
});

test('and so does what a tool has answered, at any depth', () => {
  const at = new Date(0);
  const response = { result: cut, rows: [{ [cut]: cut, count: 1, isOpen: true, none: null }], at };
  const { functionResponses } = toolResponses([{ id: 'c1', name: 'find', response, scheduling: 'whenIdle' }], agent);
  expect(functionResponses).toEqual([
    {
      id: 'c1',
      name: 'find',
      response: { result: mended, rows: [{ [mended]: mended, count: 1, isOpen: true, none: null }], at },
    },
  ]);
});
