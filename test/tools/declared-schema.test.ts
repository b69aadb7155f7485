import { expect, test } from 'vitest';

import { declaredSchema } from '../../src/tools/declared-schema.ts';

test('what Gemini does not know is left out at every depth, and names are no keywords', () => {
  expect(
    declaredSchema({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      additionalProperties: false,
      required: [],
      properties: {
        pattern: { type: 'string', pattern: '^a$', minLength: 2, default: 'a' },
        list: { type: 'array', items: { type: 'string', maxLength: 3 }, uniqueItems: true, maxItems: 2 },
        either: {
          anyOf: [
            { type: 'string', format: 'date' },
            { type: 'integer', exclusiveMinimum: 0 },
          ],
        },
        map: { type: 'object', additionalProperties: { type: 'number', multipleOf: 2 } },
      },
    }),
  ).toEqual({
    type: 'object',
    properties: {
      pattern: { type: 'string' },
      list: { type: 'array', items: { type: 'string' }, maxItems: 2 },
      either: { anyOf: [{ type: 'string', format: 'date' }, { type: 'integer' }] },
      map: { type: 'object', additionalProperties: { type: 'number' } },
    },
  });
});

test('what other dialects say is said in words that Gemini knows', () => {
  expect(
    declaredSchema({
      type: 'object',
      properties: {
        kind: { const: 'order' },
        day: { description: 'Which day.', allOf: [{ $ref: '#/definitions/day' }] },
        values: { enum: [{ pattern: 'a' }] },
      },
      definitions: { day: { type: 'string', pattern: '^' } },
    }),
  ).toEqual({
    type: 'object',
    properties: {
      kind: { enum: ['order'] },
      day: { description: 'Which day.', $ref: '#/$defs/day' },
      values: { enum: [{ pattern: 'a' }] },
    },
    $defs: { day: { type: 'string' } },
  });
});

test('a schema without an end is refused', () => {
  const endless: Record<string, unknown> = { type: 'array' };
  endless['items'] = endless;
  expect(() => declaredSchema(endless)).toThrow(RangeError);
});
