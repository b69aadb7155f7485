import { describe, expect, test } from 'vitest';
import { playCanaryCall } from './canary-calls.ts';

test('of twenty calls that are full of secrets, none comes out', () => {
  const reports = Array.from({ length: 20 }, (_, seed) => playCanaryCall(seed));
  expect(reports.flatMap(({ leaks }) => leaks)).toEqual([]);
  // Lines that hold such data under `pii`, or could hold it by mistake, were all written.
  const written = new Set(reports.flatMap(({ lineNames }) => [...lineNames]));
  const wanted = [
    ['callReceived', 'webhookRefused', 'streamRefused', 'frameRejected', 'transcript', 'toolCalled', 'toolThrew'],
    [
      'toolFailed',
      'modelClosed',
      'modelOpenFailed',
      'modelLost',
      'leaving',
      'voicemailStored',
      'callCost',
      'callEnded',
    ],
  ].flat();
  expect(wanted.filter((name) => !written.has(name))).toEqual([]);
});

describe('a secret that comes out is found', () => {
  test.for([
    ['in a line', { field: '49' }],
    ['in the name of a field', { '49': 1 }],
  ] as const)('%s', ([, fields]) => {
    const { leaks } = playCanaryCall(1, ({ log, parties }) => {
      const caller = JSON.stringify(parties);
      log.logger.info({ ...fields, [caller]: 1 }, caller);
    });
    expect(leaks).not.toEqual([]);
    expect(new Set(leaks.map(({ where }) => where))).toEqual(new Set(['log']));
  });
});
