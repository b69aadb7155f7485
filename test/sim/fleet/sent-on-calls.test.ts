import { describe } from 'vitest';
import { sentOnCalls } from './sent-on.ts';

// `sent-on-calls.slow.test.ts` has more of them.
describe('a call that comes to a full process', () => {
  sentOnCalls([1]);
});
