import { expect, test } from 'vitest';

import { buildSystemInstruction } from '../../src/config/system-instruction.ts';

const agent = { prompt: 'You take orders for a bakery.', language: null };

test('the instruction begins with the prompt of the admin and goes on with the rules of the telephone', () => {
  const instruction = buildSystemInstruction(agent, ['end_call']);
  expect(instruction.startsWith('You take orders for a bakery.\n\n# How you speak on the telephone\n')).toBe(true);
  expect(instruction).toContain('Every sentence of the caller is addressed to you.');
});

test('a language is pinned in the first and in the last line', () => {
  const lines = buildSystemInstruction({ ...agent, language: 'Austrian German' }, []).split('\n');
  const pin = 'Speak only Austrian German, even if you hear another language or are asked to.';
  expect([lines[0], lines.at(-1)]).toEqual([pin, pin]);
  expect(buildSystemInstruction(agent, [])).not.toContain('Speak only');
});

test('an agent that cannot transfer is told to say so', () => {
  expect(buildSystemInstruction(agent, ['end_call'])).toContain('You cannot connect the caller with a person');
  expect(buildSystemInstruction(agent, ['transfer_call', 'end_call'])).not.toContain('You cannot connect');
});

test('an agent that can end the call says goodbye first', () => {
  expect(buildSystemInstruction(agent, ['end_call'])).toContain('only after that sentence end the call');
  expect(buildSystemInstruction(agent, [])).not.toContain('end the call');
});
