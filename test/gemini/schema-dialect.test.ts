import { type Schema, Type } from '@google/genai';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../src/encoding/json.ts';
import { schemaDialect } from '../../src/gemini/schema-dialect.ts';
import { parseClientMessage } from '../../src/sim/model/protocol/client-message.ts';
import { defineTool } from '../../src/tools/tool.ts';

describe('any schema of arguments', () => {
  test('is translated to what the service reads, and whatever fits it fits the translation', () => {
    fc.assert(
      fc.property(argumentsAndSchema, ({ schema, value }) => {
        const translation = translationOf(schema);
        expect(parseClientMessage(declaring(translation))).toMatchObject({ ok: true });
        expect(fits(translation, value)).toBe(true);
      }),
    );
  });

  test('keeps each name, each description and which arguments must be there', () => {
    fc.assert(
      fc.property(argumentsAndSchema, ({ schema }) => {
        const { properties = {}, required = [] } = translationOf(schema);
        const given = isJsonObject(schema.properties) ? schema.properties : {};
        expect(Object.keys(properties)).toEqual(Object.keys(given));
        expect(required).toEqual(schema.required ?? []);
        const described = Object.values(given).map((each) => (isJsonObject(each) ? each.description : null));
        expect(Object.values(properties).map(({ description }) => description)).toEqual(described);
      }),
    );
  });
});

test('what zod writes of usual arguments is translated', () => {
  const { parameters } = defineTool({
    name: 'book_table',
    description: 'Books a table.',
    parameters: z.object({
      name: z.string().min(2).describe('Who comes.'),
      people: z.int().min(1).max(12),
      seat: z.enum(['inside', 'terrace']).nullable(),
      dishes: z.array(z.object({ number: z.int(), note: z.string().optional() })).max(20),
      day: z.union([z.iso.datetime(), z.literal([1, 2, 3])]),
    }),
    run: () => ({ response: {} }),
  });
  expect(translationOf(parameters)).toEqual({
    type: 'OBJECT',
    properties: {
      name: { type: 'STRING', description: 'Who comes.' },
      people: { type: 'INTEGER', minimum: 1, maximum: 12 },
      seat: { type: 'STRING', enum: ['inside', 'terrace'], nullable: true },
      dishes: {
        type: 'ARRAY',
        maxItems: '20',
        items: {
          type: 'OBJECT',
          properties: { number: whole, note: { type: 'STRING' } },
          required: ['number'],
        },
      },
      day: {
        anyOf: [
          { type: 'STRING', format: 'date-time' },
          { type: 'NUMBER', format: 'enum', enum: ['1', '2', '3'] },
        ],
      },
    },
    required: ['name', 'people', 'seat', 'dishes', 'day'],
  });
});

const whole = { type: 'INTEGER', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };

test.each<[string, JsonObject, object]>([
  [
    'several types, each with its own limits',
    { type: ['string', 'integer', 'null'], description: 'D', minimum: 3, enum: ['a', 7, null], format: 'int32' },
    {
      anyOf: [
        { type: 'STRING', enum: ['a'] },
        { type: 'INTEGER', minimum: 3, format: 'enum', enum: ['7'] },
      ],
      nullable: true,
      description: 'D',
    },
  ],
  ['one type in a list', { type: ['boolean'] }, { type: 'BOOLEAN' }],
  ['a type or null', { type: ['number', 'null'], title: 'T' }, { type: 'NUMBER', nullable: true, title: 'T' }],
  [
    'a required name that is no property',
    { type: 'object', properties: { a: { type: 'string' } }, required: ['b', 'toString'] },
    { type: 'OBJECT', properties: { a: { type: 'STRING' } } },
  ],
  ['a limit that has no word', { type: 'string', format: 'uuid' }, { type: 'STRING' }],
  [
    'a definition, with words of its own where it is used',
    {
      type: 'object',
      properties: { a: { $ref: '#/$defs/size', description: 'Mine.' } },
      additionalProperties: false,
      $defs: { size: { type: 'integer', description: 'Any.' } },
    },
    { type: 'OBJECT', properties: { a: { type: 'INTEGER', description: 'Mine.' } } },
  ],
])('%s is translated', (_what, schema, expected) => {
  expect(schemaDialect(schema)).toEqual({ schema: expected });
});

const text = { type: 'string' };

test.each<[JsonObject, untranslatable: string]>([
  [{ a: { type: 'array', prefixItems: [text] } }, '"prefixItems" at a'],
  [
    { a: { type: 'array', items: { type: 'object', additionalProperties: text } } },
    '"additionalProperties" at a.items',
  ],
  [{ a: { type: 'object', properties: { b: {} } } }, '"type" at a.b'],
  [{ a: { type: 'null' } }, '"type" at a'],
  [{ a: { anyOf: [{ type: 'null' }] } }, '"type" at a'],
  [{ a: { type: 'boolean', enum: [true] } }, '"enum" at a'],
  [{ a: { type: 'string', anyOf: [text] } }, '"anyOf" at a'],
  [{ a: { oneOf: [text], minimum: 1 } }, '"oneOf" at a'],
  [{ a: { anyOf: [text, 1] } }, '"anyOf" at a'],
  [{ a: { allOf: [text], type: 'string' } }, '"allOf" at a'],
  [{ a: { $ref: '#/$defs/tree' } }, '"$ref" at a'],
  [{ a: { $ref: 'https://example.com/schema' } }, '"$ref" at a'],
])('%j is refused by its keyword', (properties, untranslatable) => {
  const tree = { type: 'array', items: { $ref: '#/$defs/tree' } };
  const refusal = schemaDialect({ type: 'object', properties, $defs: { tree } });
  const told = 'untranslatable' in refusal ? refusal.untranslatable : '';
  expect(told.startsWith(untranslatable)).toBe(true);
});

interface Example {
  readonly schema: JsonObject;
  /** A value that fits it. */
  readonly value: unknown;
}

const words = fc.option(fc.record({ description: fc.string(), title: fc.string() }, { requiredKeys: [] }), { nil: {} });

const { example } = fc.letrec<{ example: Example }>((tie) => ({
  example: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.tuple(fc.constantFrom('date-time', 'uuid', 'email'), fc.string()).map(([format, value]) => ({
      schema: { type: 'string', format },
      value,
    })),
    fc.tuple(fc.constantFrom('integer', 'number'), fc.integer()).map(([type, value]) => ({
      schema: { type, minimum: value - 1, maximum: value },
      value,
    })),
    fc.boolean().map((value) => ({ schema: { type: 'boolean' }, value })),
    fc.array(fc.string(), { minLength: 1 }).map((choices) => ({
      schema: { type: 'string', enum: choices },
      value: choices[0],
    })),
    fc.array(fc.integer(), { minLength: 1 }).map((choices) => ({
      schema: { type: ['integer', 'null'], enum: [...choices, null] },
      value: choices[0],
    })),
    fc.tuple(tie('example'), fc.nat(3)).map(([{ schema, value }, count]) => ({
      schema: { type: 'array', items: schema, minItems: count, maxItems: count },
      value: Array.from({ length: count }, () => value),
    })),
    fc
      .tuple(fc.constantFrom('anyOf', 'oneOf'), fc.array(tie('example'), { minLength: 1 }), fc.boolean())
      .map(([keyword, choices, isNull]) => ({
        schema: { [keyword]: [...choices.map(({ schema }) => schema), { type: 'null' }] },
        value: isNull ? null : choices[0]?.value,
      })),
    fc.constant({ schema: { $ref: '#/$defs/name' }, value: 'Ann' }),
    object(tie('example')),
  ),
}));

function object(inner: fc.Arbitrary<Example>): fc.Arbitrary<Example> {
  const names = fc.stringMatching(/^[a-z_]{1,8}$/);
  return fc.dictionary(names, fc.tuple(inner, words, fc.boolean())).map((members) => {
    const entries = Object.entries(members);
    return {
      schema: {
        type: 'object',
        properties: Object.fromEntries(entries.map(([name, [{ schema }, said]]) => [name, { ...schema, ...said }])),
        required: entries.filter(([, [, , isRequired]]) => isRequired).map(([name]) => name),
        additionalProperties: false,
      },
      value: Object.fromEntries(entries.map(([name, [{ value }]]) => [name, value])),
    };
  });
}

const argumentsAndSchema: fc.Arbitrary<Example> = object(example).map(({ schema, value }) => ({
  schema: { ...schema, $defs: { name: { type: 'string' } } },
  value,
}));

function translationOf(schema: JsonObject): Schema {
  const translation = schemaDialect(schema);
  if ('untranslatable' in translation) throw new Error(translation.untranslatable);
  return translation.schema;
}

function declaring(parameters: Schema): JsonObject {
  return { setup: { model: 'models/m', tools: [{ functionDeclarations: [{ name: 'f', parameters }] }] } };
}

/** Whether a value fits a schema of the dialect, as the service reads it. */
function fits(schema: Schema, value: unknown): boolean {
  if (value === null) return schema.nullable === true;
  if (schema.anyOf !== undefined) return schema.anyOf.some((each) => fits(each, value));
  if (schema.enum !== undefined && !schema.enum.some((each) => each === value || Number(each) === value)) return false;
  switch (schema.type) {
    case Type.STRING:
      return typeof value === 'string';
    case Type.BOOLEAN:
      return typeof value === 'boolean';
    case Type.INTEGER:
    case Type.NUMBER:
      return typeof value === 'number' && value >= (schema.minimum ?? value) && value <= (schema.maximum ?? value);
    case Type.ARRAY: {
      const { items, minItems, maxItems } = schema;
      if (!Array.isArray(value) || items === undefined) return false;
      const isInBounds = value.length >= Number(minItems ?? 0) && value.length <= Number(maxItems ?? Infinity);
      return isInBounds && value.every((each) => fits(items, each));
    }
    case Type.OBJECT: {
      if (!isJsonObject(value)) return false;
      const { properties = {}, required = [] } = schema;
      return (
        required.every((name) => Object.hasOwn(value, name)) &&
        Object.entries(value).every(([name, each]) => properties[name] !== undefined && fits(properties[name], each))
      );
    }
    default:
      return false;
  }
}
