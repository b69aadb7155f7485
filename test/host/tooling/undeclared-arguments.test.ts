import { expect, test } from 'vitest';
import { z } from 'zod';
import { undeclaredArguments } from '../../../src/host/tooling/undeclared-arguments.ts';
import { defineTool } from '../../../src/tools/tool.ts';

function parametersOf(parameters: z.ZodObject): unknown {
  return defineTool({ name: 'any', description: 'Any.', parameters, run: () => '' }).parameters;
}

test('what a schema leaves open is declared, and what it names in lists and objects is looked into', () => {
  const inner = z.object({ name: z.string() });
  const schema = parametersOf(
    z.object({
      list: z.array(inner),
      map: z.record(z.string(), z.number()),
      loose: z.looseObject({ a: z.string() }),
      either: z.union([inner, z.object({ number: z.int() })]),
      optional: inner.optional(),
    }),
  );
  const args = {
    list: [{ name: 'a' }, { name: 'b', age: 1 }],
    map: { any: 1 },
    loose: { any: 1 },
    either: { any: 1 },
    optional: { toString: 1 },
    other: { name: 'c' },
  };
  expect(undeclaredArguments(schema, args)).toEqual(['list.age', 'optional.toString', 'other']);
  expect(undeclaredArguments(parametersOf(z.looseObject({})), { any: 1 })).toEqual([]);
  expect(undeclaredArguments(parametersOf(z.object({})), { any: 1 })).toEqual(['any']);
});
