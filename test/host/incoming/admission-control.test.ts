import { describe, expect, test } from 'vitest';
import { AdmissionControl } from '../../../src/host/incoming/admission-control.ts';
import { MeasuredDelay } from '../../../src/system/load/event-loop-delay.ts';
import { ServiceBench, tokenIn } from '../service-bench.ts';

const limits = { delayMsMax: 100, callsMin: 10 };

/** What is decided, one after the other, at these delays and with so many calls. */
function decided(steps: readonly (readonly [delayMs: number, calls: number])[], own = {}): boolean[] {
  let nowMs = 0;
  const control = new AdmissionControl({ delayMs: () => nowMs }, { ...limits, ...own });
  return steps.map(([delayMs, calls]) => {
    nowMs = delayMs;
    return control.refuses(calls);
  });
}

describe('a process', () => {
  test('takes no call beyond its limit, until it is well below', () => {
    const delays = [100, 101, 100, 51, 50, 100, 101];
    expect(decided(delays.map((delayMs) => [delayMs, 10]))).toEqual([false, true, true, true, false, false, true]);
  });

  test('that has few calls takes another one, however late it is', () => {
    expect(decided([[5_000, 9]])).toEqual([false]);
    expect(
      decided([
        [5_000, 10],
        [5_000, 9],
        [5_000, 10],
      ]),
    ).toEqual([true, false, true]);
  });

  test('takes calls however late it is, if that is off', () => {
    expect(decided([[60_000, 1_000]], { delayMsMax: null })).toEqual([false]);
  });
});

describe('a late process', () => {
  test('refuses new calls with the fallback and says why, keeps those that it has, and takes new ones when it has recovered', () => {
    const bench = new ServiceBench({ callsMax: 40, eventLoopDelay: (clock) => new MeasuredDelay(clock) });
    const twiml = callSids(10).map((CallSid) => bench.asks('voice', { CallSid }));
    expect(twiml.every((text) => text.includes('<Stream'))).toBe(true);
    passLate(bench, 4_000);
    expect(bench.asks('voice', { CallSid: sidOf(10) })).toContain('<Dial');
    expect(bench.log.named('callRefused')).toMatchObject([{ why: 'overloaded', liveCalls: 10, delayMs: 150 }]);
    expect(bench.service.registry).toMatchObject({ noRoom: 'overloaded', turnedAway: { overloaded: 1 } });
    // A stream that arrives, and a webhook that is repeated, are of a call that was taken.
    expect(bench.opensStream(tokenIn(twiml[3] ?? ''), sidOf(3)).isCut).toBe(false);
    expect(bench.asks('voice', { CallSid: sidOf(4) })).toBe(twiml[4]);
    bench.passes(3_000);
    expect(bench.service.registry.noRoom).toBe('overloaded');
    bench.passes(3_000);
    expect(bench.asks('voice', { CallSid: sidOf(11) })).toContain('<Stream');
  });

  test('answers a call that it was asking about when it became late', () => {
    let delayMs = 0;
    const bench = new ServiceBench({
      contextDefaults: new Map([['customer', 'our customer']]),
      eventLoopDelay: () => ({ delayMs: () => delayMs }),
      callsMin: 0,
    });
    const answers = bench.posts('voice');
    delayMs = 500;
    // Twilio asks again, because it has got no answer.
    const again = bench.posts('voice');
    bench.questions[0]?.done({ text: '{"customer":"Ann"}' });
    bench.passes(10);
    expect([...answers, ...again].map((answer) => 'twiml' in answer && answer.twiml.includes('<Stream'))).toEqual([
      true,
      true,
    ]);
  });
});

function sidOf(number: number): string {
  return `CA${String(number).padStart(32, '0')}`;
}

function callSids(count: number): string[] {
  return Array.from({ length: count }, (_, number) => sidOf(number));
}

/** So much time passes in a process whose timers fire 150 ms late. */
function passLate({ clock }: ServiceBench, ms: number): void {
  const untilMs = clock.nowMs() + ms;
  for (let due = clock.nextDueMs; due !== null && due <= untilMs; due = clock.nextDueMs) {
    clock.moveTo(Math.max(clock.nowMs(), due + 150));
    clock.fireNext();
  }
}
