import { expect, test, type TestContext } from 'vitest';
import type { Logger } from '../../src/system/logger.ts';
import { CallTrace } from '../../src/tracing/call-trace.ts';
import { startTracing } from '../../src/tracing/start-tracing.ts';
import type { Tracing } from '../../src/tracing/tracing.ts';
import { LogLines } from '../log-lines.ts';
import { playFixture, tools } from '../metrics/played-calls.ts';
import { until } from '../until.ts';
import { Collector } from './collector.ts';

interface Counts {
  exported: number;
  failed: number;
}

const closeMsMax = 300;

async function tracingTo(endpoint: string, log: Logger, { onTestFinished }: TestContext): Promise<[Tracing, Counts]> {
  const counts = { exported: 0, failed: 0 };
  const onSpans = (fate: keyof Counts, spans: number): void => void (counts[fate] += spans);
  const headers = new Map([['api-key', 'hush']]);
  const tracing = await startTracing({ endpoint, headers, serviceName: 'front-desk', onSpans }, log);
  onTestFinished(() => tracing.close(closeMsMax));
  return [tracing, counts];
}

function play(name: string, { begin }: Tracing): void {
  const models = { first: 'first-model', fallback: 'second-model' };
  playFixture(name, new CallTrace({ begin, callSid: 'CA1', agent: 'sales', models, tools: new Set(tools), unixMs }));
}

/** A call with one turn: two spans. */
function traceCall({ begin }: Tracing): void {
  const call = begin('call', 0, {});
  call.child('turn', 0, {}).end(1);
  call.end(1);
}

function unixMs(): number {
  return 1_800_000_000_000;
}

test('a collector gets one trace for each call, with all its spans, when the service ends', async (context) => {
  const collector = await Collector.open(context);
  const log = new LogLines();
  const [tracing, counts] = await tracingTo(collector.url, log.logger, context);
  play('barge-in', tracing);
  play('tool-fails', tracing);
  await tracing.close(60_000);
  const calls = collector.named('call');
  expect(calls).toHaveLength(2);
  expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(2);
  const roots = new Set(calls.map(({ spanId }) => spanId));
  const others = collector.spans.filter(({ name }) => name !== 'call');
  expect(others.length).toBeGreaterThan(6);
  expect(others.filter(({ parentId }) => !roots.has(parentId))).toEqual([]);
  expect(calls.map(({ parentId }) => parentId)).toEqual(['', '']);
  expect(collector.named('turn')[0]?.attributes).toEqual({
    'parley.to': 'greeting',
    'parley.wait_ms': 358,
    'parley.cut': false,
  });
  expect(collector.named('tool').map(({ failed }) => failed)).toEqual(['tool.failed', 'tool.failed']);
  expect(calls[0]?.resource['service.name']).toBe('front-desk');
  expect(collector.headers[0]).toMatchObject({ 'api-key': 'hush', 'content-type': 'application/x-protobuf' });
  expect(counts).toEqual({ exported: collector.spans.length, failed: 0 });
  expect(log.text).toBe('');
});

test('nothing that was said, called or asked for goes to the collector', async (context) => {
  const collector = await Collector.open(context);
  const [tracing] = await tracingTo(collector.url, new LogLines().logger, context);
  for (const name of ['lookup', 'transfer-connected', 'tool-fails', 'voicemail']) play(name, tracing);
  await tracing.close(60_000);
  const sent = collector.bodies.map((body) => body.toString('latin1')).join('\n');
  expect(sent).toContain('lookup_record');
  expect(sent).not.toMatch(/\+1555|A1042|invented_tool|order|hello/i);
});

test('a collector that refuses costs a line, and a second one when it takes spans again', async (context) => {
  const collector = await Collector.open(context);
  collector.answer = 'refuses';
  const log = new LogLines();
  const [tracing, counts] = await tracingTo(collector.url, log.logger, context);
  traceCall(tracing);
  await until('the spans are refused', () => counts.failed > 0);
  traceCall(tracing);
  await until('they are refused again', () => counts.failed > 2);
  collector.answer = 'takes';
  traceCall(tracing);
  await until('spans are taken', () => counts.exported > 0);
  expect(log.all.map(({ msg }) => msg)).toEqual(['tracesRefused', 'tracesTaken']);
  expect(log.text).not.toContain('hush');
});

test('a collector that hangs holds up neither calls nor the end of the service', async (context) => {
  const collector = await Collector.open(context);
  collector.answer = 'hangs';
  const [tracing, counts] = await tracingTo(collector.url, new LogLines().logger, context);
  traceCall(tracing);
  await until('the collector is asked', () => collector.requests > 0);
  // Far more than may wait.
  for (let call = 0; call < 3_000; call += 1) traceCall(tracing);
  await tracing.close(closeMsMax);
  expect(counts.exported).toBe(0);
});

test('a collector that is not there harms nobody', async (context) => {
  const log = new LogLines();
  const [tracing, counts] = await tracingTo('http://127.0.0.1:1', log.logger, context);
  traceCall(tracing);
  await tracing.close(closeMsMax);
  expect(counts.exported).toBe(0);
});
