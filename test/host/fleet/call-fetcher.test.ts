import { describe, expect, test } from 'vitest';
import { LeaseKeeper } from '../../../src/fleet/lease-keeper.ts';
import { MemoryLeases } from '../../../src/sim/driver/memory-leases.ts';
import { MemoryStore } from '../../../src/sim/driver/memory-store.ts';
import { redirectFact } from '../../../src/twilio/redirect.ts';
import { callSid, otherCall, ServiceBench, tokenIn } from '../service-bench.ts';

/** Of Twilio, for a call that is over. */
const callIsOver = redirectFact({ code: 21_220 });

/** Two services with one store and one limit. The first can stand still, while time passes for the second and the store. */
class TwoServices {
  readonly store = new MemoryStore();
  readonly first: ServiceBench;
  readonly second: ServiceBench;
  readonly #keepers = new Map<ServiceBench, LeaseKeeper>();
  firstStands = false;

  constructor() {
    const leases = new MemoryLeases(
      () => this.second.clock.unixMs(),
      (process) => this.store.remainsOf(process),
    );
    const make = (): ServiceBench => {
      const bench: ServiceBench = new ServiceBench({
        store: this.store,
        slots: () => this.#keepers.get(bench)?.slots ?? 0,
      });
      return bench;
    };
    this.first = make();
    this.second = make();
    for (const bench of [this.first, this.second]) {
      const { clock, log, name, journal, service } = bench;
      const store = leases.seenBy(clock, { thereMs: () => 1, backMs: () => 1 });
      const limits = { callsMax: 10, ownCallsMax: 10 };
      const keeper = new LeaseKeeper({ store, clock, log: log.logger, holder: name, instance: name, ...limits });
      this.#keepers.set(bench, keeper);
      keeper.watch({
        calls: () => service.registry.taken,
        takesCalls: () => !service.registry.isDraining,
        isLate: () => false,
        pages: () => null,
        onFallen: (fallen, peers) => service.fetcher.take(fallen, peers, name),
        onDoubt: () => journal.reassert(),
        onReplaced: () => {},
      });
      keeper.start();
    }
    this.passes(5_000);
  }

  passes(ms: number): this {
    for (let passed = 0; passed < ms; passed += 50) {
      this.second.passes(50);
      if (!this.firstStands) this.first.passes(50);
    }
    return this;
  }

  /** Returns how long it took, in ms. */
  passesUntil(isSo: () => boolean): number {
    for (let ms = 0; ms <= 60_000; ms += 50) {
      if (isSo()) return ms;
      this.passes(50);
    }
    throw new Error('It did not happen in a minute.');
  }

  /** The first one goes on, later than it thinks. */
  wakes(): void {
    this.first.clock.moveTo(this.second.clock.nowMs());
    this.firstStands = false;
  }
}

describe('the calls of a process that stands still', () => {
  test('are fetched by another within 15 s, and go on there', () => {
    const both = new TwoServices();
    const { first, second } = both;
    first.talks();
    both.passes(3_000);
    both.firstStands = true;
    const silentMs = both.passesUntil(() => second.redirects.length > 0);
    expect(silentMs).toBeLessThan(11_000);
    expect(second.redirects).toMatchObject([{ callSid, twiml: expect.stringContaining('/twilio/stream-ended') }]);
    // Each second of a pause would be one more in which the caller hears nothing.
    expect(second.redirects[0]?.twiml).not.toContain('<Pause');
    second.redirects[0]?.done(redirectFact(null));
    const twiml = second.asks('streamEnded');
    expect(twiml).toContain('stream-ended?stream=2');
    second.opensStream(tokenIn(twiml));
    second.answersSetup();
    both.passes(3_000);
    expect(second.log.named('streamStarted')).toHaveLength(1);
    expect(second.service.fetcher.fetched).toBe(1);
    // Nobody fetches it again.
    both.passes(30_000);
    expect(second.redirects).toHaveLength(1);
  });

  test('are lost to it when it wakes, before it does anything for them', () => {
    const both = new TwoServices();
    const { first, second } = both;
    const { stream, session } = first.talks();
    both.passes(3_000);
    both.firstStands = true;
    both.passesUntil(() => second.redirects.length > 0);
    both.passes(20_000);
    both.wakes();
    // What came meanwhile is read first, and then all deadlines have passed.
    first.modelSays(session, { toolCall: { functionCalls: [{ id: '1', name: 'order', args: {} }] } });
    expect(first.asks('voice', { CallSid: otherCall })).toContain('<Dial');
    both.passes(2_000);
    expect(first.log.named('callRefused')).toMatchObject([{ callSid: otherCall, why: 'full' }]);
    expect(first.log.named('callFenced')).toMatchObject([{ callSid }]);
    expect([first.toolRuns.length, first.redirects.length, stream.closeCode]).toEqual([0, 0, 1000]);
    expect(first.log.named('stoodStill')).toHaveLength(1);
    // Then it takes part again.
    both.passes(8_000);
    expect(first.asks('voice', { CallSid: `CA${'9'.repeat(32)}` })).toContain('<Stream');
  });

  test('are left where a person or the voicemail has the caller', () => {
    const both = new TwoServices();
    const { first, second } = both;
    const { session } = first.talks();
    first.modelSays(session, { toolCall: { functionCalls: [{ id: '1', name: 'end_call', args: {} }] } });
    both.passes(1_000);
    first.toolRuns[0]?.done({
      result: { response: {}, leave: { kind: 'transfer', destination: 'support', reason: null } },
    });
    both.passesUntil(() => first.log.named('leaving').length > 0);
    const twiml = first.asks('streamEnded', {}, { stream: '1' });
    expect(twiml).toContain('<Dial');
    both.passes(1_000);
    both.firstStands = true;
    both.passes(30_000);
    expect(second.redirects).toEqual([]);
  });

  test('get their end when their callers have hung up', () => {
    const both = fetching();
    const { second } = both;
    second.redirects[0]?.done(callIsOver);
    both.passes(100);
    expect(second.log.named('callEnded')).toMatchObject([{ callSid, reason: 'callerHungUp' }]);
    expect(second.service.registry.liveCount).toBe(0);
  });

  test('are sent for again when Twilio could not be reached', () => {
    const both = fetching();
    const { second } = both;
    second.redirects[0]?.done(redirectFact({ code: undefined }));
    both.passesUntil(() => second.redirects.length > 1);
    second.redirects[1]?.done(redirectFact(null));
    expect(second.asks('streamEnded')).toContain('<Stream');
    both.passes(20_000);
    expect(second.redirects).toHaveLength(2);
  });
});

/** The first process stands still with a call, and the second has told Twilio to send it. */
function fetching(): TwoServices {
  const both = new TwoServices();
  const { first, second } = both;
  first.talks();
  both.passes(1_000);
  both.firstStands = true;
  both.passesUntil(() => second.redirects.length > 0);
  return both;
}

test('a process that is about to end fetches no calls', () => {
  const both = new TwoServices();
  const { first, second } = both;
  first.talks();
  both.passes(1_000);
  second.service.drain(600_000, () => {});
  both.firstStands = true;
  both.passes(30_000);
  expect(second.redirects).toEqual([]);
});
