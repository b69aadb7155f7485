import { expect, test } from 'vitest';
import { allKept, journalAfterKills } from './journal-life.ts';

test('a process that is killed at any moment leaves all that it knew to be written', async (context) => {
  expect(await journalAfterKills(context, [45, 161, 290])).toEqual(allKept);
});
