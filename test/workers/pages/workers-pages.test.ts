import { expect, test } from 'vitest';
import { instanceName } from '../../../src/config/parsers.ts';
import { ownBoardName } from '../../../src/workers/pages/workers-pages.ts';

// Boards are kept by name: of a process that is called as the own workers are, no board would be followed.
test('no process of the fleet can be called as the own workers are', () => {
  expect(instanceName.safeParse('workers').success).toBe(true);
  expect(instanceName.safeParse(ownBoardName).success).toBe(false);
});
