import { describe } from 'vitest';
import { sentOnCalls } from './sent-on.ts';

describe('a call that comes to a full process', () => {
  sentOnCalls([2, 3, 4, 5, 6]);
});
