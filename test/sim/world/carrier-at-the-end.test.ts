import { expect, test } from 'vitest';
import { CallBench, voice } from '../carrier/call-bench.ts';

const dial = '<Dial action="https://parley.example/dialled"><Number>+15550100</Number></Dial>';

// Twilio always says how a dialled leg ended. The simulated one asked the action without it when the caller had hung up, and so accused
// the service of refusing a form that Twilio would never send.
test.for([
  [500, { DialCallStatus: 'no-answer', DialBridged: 'false' }],
  [3000, { DialCallStatus: 'completed', DialBridged: 'true', DialCallDuration: '2' }],
] as const)('a caller who hangs up %d ms after the dialling began ends the dialled leg', ([afterMs, fields]) => {
  const bench = new CallBench({
    actionAfterHangUp: true,
    dialOutcomes: { '+15550100': { type: 'answered', ringMs: 1000, talkMs: 60_000 } },
  });
  bench.answer(dial);
  bench.runFor(afterMs);
  bench.take({ type: 'caller.hungUp' });
  const request = bench.requests.find(({ url }) => url.endsWith('/dialled'));
  expect(request?.fields).toMatchObject(fields);
});

test('what was played counts up to the moment of a clear, and not beyond', () => {
  const bench = new CallBench();
  const streamSid = bench.stream();
  bench.receive(streamSid, voice(1000));
  bench.runFor(300);
  expect(bench.machine.playedBytes(bench.nowMs)).toBe(2400);
  bench.receive(streamSid, { event: 'clear' });
  bench.runFor(1000);
  expect(bench.machine.playedBytes(bench.nowMs)).toBe(2400);
});
