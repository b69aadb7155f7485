import { describe } from 'vitest';
import { testDatabase } from '../../test-database.ts';
import { storeContract } from '../store-contract.ts';
import { versionsOf } from './version-before.ts';

const isMissing = (await testDatabase()) === null;

describe.skipIf(isMissing)('a process of the version before, which takes over from one of this version', () => {
  storeContract((context) => versionsOf(context, (process) => process !== 'a'));
});
