import { expect, test } from 'vitest';
import { csvHead, csvLine } from '../../../src/store/history/call-csv.ts';
import { pastCall } from './past-call.ts';

test('a call is one line with a cell for each column', () => {
  expect(csvHead.split(',')).toHaveLength(16);
  expect(csvLine(pastCall)).toBe(
    `"CA1","1970-01-01T00:00:00.000Z",1.5,"'+15550101",,"gemini","phone","apologised","He said ""no"", and hung up.","model.closed tool.failed",0.5,10,2,800,900,"parley-3"\r\n`,
  );
});

test.for(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1'])(
  'a text that begins like the formula %j is none',
  (text) => {
    expect(csvLine({ ...pastCall, callSid: text })).toContain(`"'${text}",`);
  },
);

test('a live call has neither a length nor an end', () => {
  expect(csvLine({ ...pastCall, endedAtMs: null, outcome: null, why: null, waits: null })).toContain('.000Z",,');
});
