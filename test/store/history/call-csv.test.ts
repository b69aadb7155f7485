import { expect, test } from 'vitest';
import { csvHead, csvLine } from '../../../src/store/history/call-csv.ts';
import type { PastCall } from '../../../src/store/history/call-history.ts';

const call: PastCall = {
  callSid: 'CA1',
  from: '+15550101',
  to: null,
  agent: 'gemini',
  source: 'phone',
  instance: 'parley-3',
  startedAtMs: 0,
  endedAtMs: 1_500,
  outcome: 'apologised',
  why: 'He said "no", and hung up.',
  faults: ['model.closed', 'tool.failed'],
  costUsd: 0.5,
  tokens: 10,
  waits: { count: 2, medianMs: 800, maxMs: 900 },
};

test('a call is one line with a cell for each column', () => {
  expect(csvHead.split(',')).toHaveLength(16);
  expect(csvLine(call)).toBe(
    `"CA1","1970-01-01T00:00:00.000Z",1.5,"'+15550101",,"gemini","phone","apologised","He said ""no"", and hung up.","model.closed tool.failed",0.5,10,2,800,900,"parley-3"\r\n`,
  );
});

test.for(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1'])(
  'a text that begins like the formula %j is none',
  (text) => {
    expect(csvLine({ ...call, callSid: text })).toContain(`"'${text}",`);
  },
);

test('a live call has neither a length nor an end', () => {
  expect(csvLine({ ...call, endedAtMs: null, outcome: null, why: null, waits: null })).toContain('.000Z",,');
});
