import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { callLines } from '../../../src/cli/history/call-lines.ts';
import type { PastCall } from '../../../src/store/history/call-history.ts';

const call: PastCall = {
  callSid: 'CA1',
  from: '+15550101',
  to: null,
  agent: 'gemini',
  source: 'phone',
  instance: null,
  startedAtMs: 0,
  endedAtMs: 1_500,
  outcome: 'refused',
  why: null,
  faults: [],
  costUsd: 0,
  tokens: 0,
  waits: null,
};

// The list said "$0.0000" of a call that was turned away, and "$12.3000" where the pages say "$12.30".
test('a call that was billed has its cost in the digits of the pages, and no other has one', () => {
  expect(headOf(call)).toMatch(/turned away$/);
  expect(headOf({ ...call, costUsd: null })).toMatch(/turned away$/);
  expect(headOf({ ...call, costUsd: 0.01234, tokens: 5 })).toMatch(/turned away {2}\$0\.0123$/);
  expect(headOf({ ...call, costUsd: 12.3, tokens: 5 })).toMatch(/turned away {2}\$12\.30$/);
});

function headOf(one: PastCall): string {
  return stripVTControlCharacters(callLines(one)[0] ?? '');
}
