import { expect, test } from 'vitest';
import { outageAdvice, clientFailure } from '../../../src/twilio/edge/client-failure.ts';

test.for([
  ['an answer with a code', { status: 503, code: 20503 }, '503, 20503', /status\.twilio\.com/],
  ['an answer without one', { status: 502 }, '502', /status\.twilio\.com/],
  ['a connection that failed', { code: 'ECONNREFUSED' }, 'no answer, ECONNREFUSED', /port 443/],
  ['nothing that is known', new Error('away'), 'no answer', /port 443/],
  ['nothing at all', undefined, 'no answer', /port 443/],
] as const)('of %s is told what was said and what to do', ([, error, said, advice]) => {
  const failure = clientFailure(error);
  expect(failure.said).toBe(said);
  expect(outageAdvice(failure)).toMatch(advice);
});
