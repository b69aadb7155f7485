import { describe, expect, test } from 'vitest';
import { ModelAlarm } from '../../src/host/model-alarm.ts';
import { VirtualClock } from '../../src/sim/driver/virtual-clock.ts';
import { modelClosed } from '../call/call-scene.ts';
import { LogLines } from '../log-lines.ts';
import { otherCall, ServiceBench, tokenIn } from './service-bench.ts';

const minuteMs = 60_000;

/** A call whose first session is refused so, up to the question what comes after its stream. */
function refused(bench: ServiceBench, reason: string, CallSid = `CA${'5'.repeat(32)}`): string {
  const twiml = bench.asks('voice', { CallSid, CallStatus: 'ringing' });
  const session = bench.sessions.at(-1);
  session?.socket.opened();
  session?.socket.closed(1007, reason);
  const stream = bench.opensStream(tokenIn(twiml), CallSid);
  bench.passes(10);
  expect(stream.closeCode).toBe(1000);
  return bench.asks('streamEnded', { CallSid });
}

describe('a key that is revoked while the service runs', () => {
  test('is told once as an error, with what to do, and each caller goes to the fallback without another try', () => {
    const bench = new ServiceBench();
    const { session } = bench.talks();
    session.socket.closed(1007, 'API key expired. Please renew the API key.');
    bench.passes(minuteMs);
    expect(refused(bench, 'API key not valid. Please pass a valid API key.', otherCall)).toContain('<Dial');
    bench.passes(minuteMs);
    expect(refused(bench, 'API key not valid. Please pass a valid API key.')).toContain('<Dial');
    expect(bench.sessions).toHaveLength(3);
    expect(bench.log.all.filter(({ level }) => level === 'error')).toMatchObject([
      { msg: 'modelRefused', fault: 'model.keyRefused', remedy: expect.stringContaining('GEMINI_API_KEY') },
    ]);
  });

  test('is told again when it lasts, and beside other reasons', () => {
    const bench = new ServiceBench();
    const { session } = bench.talks();
    session.socket.closed(1011, 'Your prepayment credits are depleted.');
    refused(bench, 'API key not valid. Please pass a valid API key.', otherCall);
    bench.passes(10 * minuteMs);
    refused(bench, 'API key not valid. Please pass a valid API key.');
    expect(bench.log.named('modelRefused').map(({ fault }) => fault)).toEqual([
      'model.creditsDepleted',
      'model.keyRefused',
      'model.keyRefused',
    ]);
  });
});

test('what calls have met is told for ten minutes, with how often and since when', () => {
  const clock = new VirtualClock(0);
  const alarm = new ModelAlarm(clock);
  const meets = (reason: string): void => alarm.hears(modelClosed(1011, reason), new LogLines().logger);
  meets('Your prepayment credits are depleted.');
  clock.moveTo(minuteMs);
  meets('Your prepayment credits are depleted.');
  const refusal = { fault: 'model.creditsDepleted', sinceMs: 0, lastMs: minuteMs, count: 2 };
  expect(alarm.refusals).toEqual([refusal]);
  clock.moveTo(11 * minuteMs - 1);
  expect(alarm.refusals).toEqual([refusal]);
  clock.moveTo(11 * minuteMs);
  expect(alarm.refusals).toEqual([]);
  meets('Your prepayment credits are depleted.');
  expect(alarm.refusals).toMatchObject([{ sinceMs: 11 * minuteMs, count: 1 }]);
});

test('what passes by itself is no error', () => {
  const bench = new ServiceBench();
  const { session } = bench.talks();
  session.socket.closed(1011, 'Internal error encountered.');
  bench.passes(100);
  bench.sessions.at(-1)?.socket.opened();
  bench.sessions.at(-1)?.socket.closed(1011, 'The service is currently unavailable.');
  bench.passes(100);
  expect(bench.log.named('modelRefused')).toEqual([]);
});
