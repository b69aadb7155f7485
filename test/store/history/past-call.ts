import type { PastCall } from '../../../src/store/history/call-history.ts';

/** A call as the history tells of it. */
export const pastCall: PastCall = {
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
