import { expect, test } from 'vitest';
import { z } from 'zod';

import { ParleyError } from '../../src/errors.ts';
import { createTools, defineTool } from '../../src/tools/tool.ts';
import { toolContext } from './tool-context.ts';

const context = toolContext();

const bookTable = defineTool({
  name: 'book_table',
  description: 'Books a table.',
  parameters: z.object({
    guests: z.number().int().min(1).max(12).describe('How many people come.'),
    name: z.string().min(1).max(40).default('guest'),
    seats: z
      .array(z.enum(['window', 'bar']))
      .max(2)
      .optional(),
  }),
  run: ({ guests, name }, { call }) => ({ response: { result: `${guests} for ${name} on ${call.callSid}` } }),
});

test('a tool runs with checked arguments, defaults filled in, and the call it serves', async () => {
  await expect(bookTable.run({ guests: 4 }, context)).resolves.toEqual({ response: { result: '4 for guest on CA1' } });
});

test('arguments that do not fit are refused in a sentence for the model', async () => {
  const refusal = bookTable.run({ guests: 'four', name: '' }, context);
  await expect(refusal).rejects.toBeInstanceOf(ParleyError);
  await expect(refusal).rejects.toMatchObject({
    code: 'tool.argumentsInvalid',
    message:
      'The arguments of book_table do not fit. guests: Invalid input: expected number, received string. ' +
      'name: Too small: expected string to have >=1 characters.',
  });
  await expect(bookTable.run(null, context)).rejects.toThrow(
    'arguments: Invalid input: expected object, received null.',
  );
});

test('the schema for the model holds only keywords that Gemini accepts, and a limit that it lost still holds', async () => {
  expect(bookTable.parameters).toEqual({
    type: 'object',
    properties: {
      guests: { type: 'integer', minimum: 1, maximum: 12, description: 'How many people come.' },
      name: { type: 'string' },
      seats: { type: 'array', items: { type: 'string', enum: ['window', 'bar'] }, maxItems: 2 },
    },
    required: ['guests'],
  });
  await expect(bookTable.run({ guests: 4, name: 'a'.repeat(41) }, context)).rejects.toThrow('name: Too big');
});

test('an argument may be named like a keyword that Gemini does not know', () => {
  const tool = defineTool({
    name: 'match',
    description: 'Matches.',
    parameters: z.object({ pattern: z.string() }),
    run: () => ({ response: {} }),
  });
  expect(tool.parameters['properties']).toEqual({ pattern: { type: 'string' } });
});

test('a tool waits for its answer unless it says otherwise, and needs no arguments', () => {
  const tool = defineTool({
    name: 'ping',
    description: 'Pings.',
    parameters: z.object({}),
    run: () => ({ response: {} }),
  });
  expect(tool.behavior).toBe('blocking');
  expect(tool.parameters).toEqual({ type: 'object', properties: {} });
});

test('an error of a tool reaches the caller of run', async () => {
  const tool = defineTool({
    name: 'broken',
    description: 'Breaks.',
    parameters: z.object({}),
    run: () => {
      throw new RangeError('no such shelf');
    },
  });
  await expect(tool.run({}, context)).rejects.toThrow(new RangeError('no such shelf'));
});

test.each(['', 'Book', 'book-table', '1st', 'a'.repeat(65)])('the name "%s" is refused', (name) => {
  const make = () => defineTool({ name, description: '', parameters: z.object({}), run: () => ({ response: {} }) });
  expect(make).toThrow(TypeError);
});

test('two tools of one name are refused', () => {
  expect([...createTools([bookTable]).keys()]).toEqual(['book_table']);
  expect(() => createTools([bookTable, bookTable])).toThrow('Two tools are named "book_table".');
});
