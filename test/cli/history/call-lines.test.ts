import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { callLines } from '../../../src/cli/history/call-lines.ts';
import type { PastCall } from '../../../src/store/history/call-history.ts';
import { pastCall } from '../../store/history/past-call.ts';

const call: PastCall = { ...pastCall, outcome: 'refused', costUsd: 0, tokens: 0 };

test('a call that was billed has its cost in the digits of the pages, and no other has one', () => {
  expect(headOf(call)).toMatch(/turned away$/);
  expect(headOf({ ...call, costUsd: null })).toMatch(/turned away$/);
  expect(headOf({ ...call, costUsd: 0.01234, tokens: 5 })).toMatch(/turned away {2}\$0\.0123$/);
  expect(headOf({ ...call, costUsd: 12.3, tokens: 5 })).toMatch(/turned away {2}\$12\.30$/);
});

function headOf(one: PastCall): string {
  return stripVTControlCharacters(callLines(one)[0] ?? '');
}
