import { expect, test } from 'vitest';

import { lookupFields } from '../../../src/lookups/lookup-fields.ts';
import { toolsFileSchema } from '../../../src/lookups/tools-file/tools-schema.ts';

test('docs/tools.schema.json is made of the rules by which the file is read (npx vitest run test/lookups -u writes it)', async () => {
  const schema = `${JSON.stringify(toolsFileSchema(lookupFields), null, 2)}\n`;
  await expect(schema).toMatchFileSnapshot('../../../docs/tools.schema.json');
});

test('the schema says what each member is for', () => {
  const text = JSON.stringify(toolsFileSchema(lookupFields));
  expect(text).toContain('When to call it and what to say meanwhile');
  expect(text).not.toContain('secrets');
});
