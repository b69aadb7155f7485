import { describe } from 'vitest';
import { brokenCalls } from './broken-calls.ts';

describe('a simulated call that breaks by a fault of the service', () => {
  brokenCalls([1, 2, 3, 4, 5, 6, 7, 8]);
});
