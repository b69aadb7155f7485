import { expect, test } from 'vitest';
import { CallTrace } from '../../src/tracing/call-trace.ts';
import type { TraceSpan, SpanFacts } from '../../src/tracing/trace-span.ts';
import { playFixture, tools } from '../metrics/played-calls.ts';

/** A span that stays in memory. */
class KeptSpan implements TraceSpan {
  readonly name: string;
  readonly sinceMs: number;
  readonly children: KeptSpan[] = [];
  facts: SpanFacts;
  failed: string | null = null;
  untilMs: number | null = null;

  constructor(name: string, sinceMs: number, facts: SpanFacts) {
    this.name = name;
    this.sinceMs = sinceMs;
    this.facts = facts;
  }

  child(name: string, sinceMs: number, facts: SpanFacts): KeptSpan {
    const span = new KeptSpan(name, sinceMs, facts);
    this.children.push(span);
    return span;
  }

  tell(facts: SpanFacts): void {
    this.facts = { ...this.facts, ...facts };
  }

  fail(why: string): void {
    this.failed = why;
  }

  end(atMs: number): void {
    this.untilMs = atMs;
  }

  named(name: string): KeptSpan[] {
    return this.children.filter((span) => span.name === name);
  }
}

const zeroMs = 1_800_000_000_000;

/** The trace of a kept call that began at a known time. */
function traceOf(name: string): KeptSpan {
  const traces: KeptSpan[] = [];
  const trace = new CallTrace({
    begin(spanName, sinceMs, facts) {
      const span = new KeptSpan(spanName, sinceMs, facts);
      traces.push(span);
      return span;
    },
    callSid: 'CA1',
    agent: 'sales',
    models: { first: 'first-model', fallback: 'second-model' },
    tools: new Set(tools),
    unixMs: () => zeroMs + 0.2,
  });
  playFixture(name, trace);
  const [call, ...others] = traces;
  if (call === undefined || others.length > 0) throw new RangeError(`${traces.length} traces`);
  return call;
}

test('a call is one trace, with its turns and its model session', () => {
  const call = traceOf('barge-in');
  expect(call).toMatchObject({ name: 'call', sinceMs: zeroMs, failed: null });
  expect(call.facts).toEqual({
    'parley.call_sid': 'CA1',
    'parley.agent': 'sales',
    'parley.taken_over': false,
    'parley.outcome': 'callerHungUp',
    'parley.barge_ins': 1,
  });
  expect(call.named('turn').map(({ facts }) => facts)).toEqual([
    { 'parley.to': 'greeting', 'parley.wait_ms': 358, 'parley.cut': false },
    { 'parley.to': 'answer', 'parley.wait_ms': 870, 'parley.cut': true },
    { 'parley.to': 'answer', 'parley.wait_ms': 870, 'parley.cut': false },
  ]);
  expect(call.named('model session').map(({ facts }) => facts)).toEqual([
    { 'parley.model': 'first-model', 'parley.begins': 'first', 'parley.open_ms': 200 },
  ]);
  expect(call.children).toHaveLength(4);
});

test.each(['barge-in', 'tool-runs-at-hang-up', 'stream-lost', 'no-answer-ever', 'transfer-connected', 'restored-dial'])(
  'in %s every span ends, within its call and not before it began',
  (name) => {
    const call = traceOf(name);
    expect(call.untilMs).not.toBeNull();
    const wrong = call.children.filter(
      ({ sinceMs, untilMs }) =>
        untilMs === null || untilMs < sinceMs || sinceMs < call.sinceMs || untilMs > (call.untilMs ?? 0),
    );
    expect(wrong).toEqual([]);
  },
);

test('a tool has its name only if it is one of ours, and a tool that does not work is told', () => {
  expect(
    traceOf('tool-fails')
      .named('tool')
      .map(({ facts, failed }) => ({ ...facts, failed })),
  ).toEqual([
    { 'parley.tool': 'lookup_record', 'parley.outcome': 'failed', failed: 'tool.failed' },
    { 'parley.tool': 'unknown', 'parley.outcome': 'failed', failed: 'tool.failed' },
  ]);
  const [late] = traceOf('tool-times-out').named('tool');
  expect(late).toMatchObject({ failed: 'tool.timedOut', facts: { 'parley.outcome': 'timedOut' } });
});

test('a session that is lost and a call that is given up are told as failed', () => {
  const call = traceOf('outage-to-the-end');
  expect(call).toMatchObject({ failed: 'apologised', facts: { 'parley.outcome': 'apologised' } });
  expect(call.named('model session').map(({ failed }) => failed)).toEqual(['model.closed', null]);
});

test('frames are no spans', () => {
  expect(traceOf('longest-duration').children.length).toBeLessThan(10);
});
