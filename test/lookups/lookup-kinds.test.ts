import { expect, test } from 'vitest';

import { lookupFields } from '../../src/lookups/lookup-fields.ts';
import { lookupKinds } from '../../src/lookups/lookup-kinds.ts';

const kinds = Object.entries(lookupFields).filter(([, { lane }]) => lane !== null);

test('what the tools file can declare can be opened, and nothing else', () => {
  expect(kinds.map(([name]) => name).toSorted()).toEqual([...lookupKinds.keys()].toSorted());
});

test.each(kinds)('%s is checked by the rules with which it is opened', async (name, { fields }) => {
  const kind = await lookupKinds.get(name)?.();
  expect(kind?.fields).toBe(fields);
});
