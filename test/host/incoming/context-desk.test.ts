import { describe, expect, test } from 'vitest';
import { contextMsMax } from '../../../src/host/incoming/context-desk.ts';
import { MemoryStore } from '../../../src/sim/driver/memory-store.ts';
import type { WebhookAnswer } from '../../../src/host/webhooks.ts';
import { type BenchOptions, callSid, otherCall, ServiceBench } from '../service-bench.ts';

const contextDefaults = new Map([
  ['customer', 'our customer'],
  ['plan', 'unknown'],
]);
const over = { CallStatus: 'completed' };
const known = JSON.stringify({ customer: 'Ann Lee', plan: 7 });

/** A service that asks about its calls, and how many sessions it has opened when a call was only asked about. */
function asking(options: BenchOptions = {}): ServiceBench {
  return new ServiceBench({ contextDefaults, ...options });
}

function twimlOf([answer]: readonly WebhookAnswer[]): string | undefined {
  return answer !== undefined && 'twiml' in answer ? answer.twiml : undefined;
}

describe('a new call', () => {
  test('waits for what a server knows of it, and the model is asked only then', () => {
    const bench = asking();
    const answers = bench.posts('voice');
    bench.passes(400);
    expect([answers, bench.sessions]).toEqual([[], []]);
    const [asked] = bench.questions;
    expect(asked?.question).toEqual({ callSid, from: '+15550177', to: '+15550188', agent: 'desk' });
    asked?.done({ text: known });
    bench.passes(10);
    expect(twimlOf(answers)).toContain('<Stream ');
    expect(bench.sessions).toHaveLength(1);
    expect(bench.contexts).toEqual([{ customer: 'Ann Lee', plan: '7' }]);
    expect(bench.log.named('contextGathered')).toMatchObject([{ callSid, names: ['customer', 'plan'], waitedMs: 400 }]);
    expect(bench.log.text).not.toContain('Ann');
  });

  test.for([
    ['is late', null, 'context.late', 'There was no answer within 1500 ms.'],
    ['fails', { failed: 'It answered with status 500.' }, 'context.failed', 'It answered with status 500.'],
    ['sends no JSON', { text: '<html>' }, 'context.invalid', 'The answer is no JSON object.'],
    ['sends a list', { text: '[]' }, 'context.invalid', 'The answer is no JSON object.'],
  ] as const)('is answered with the defaults when the server %s', ([, reply, fault, why]) => {
    const bench = asking();
    const answers = bench.posts('voice');
    if (reply !== null) bench.questions[0]?.done(reply);
    else bench.passes(contextMsMax - 1);
    expect(answers.length > 0).toBe(false);
    bench.passes(10);
    expect(twimlOf(answers)).toContain('<Stream ');
    expect(bench.contexts).toEqual([{}]);
    expect(bench.log.named('contextMissing')).toMatchObject([{ callSid, fault, why }]);
  });

  test('does not change when the answer comes too late, and the server is told to stop', () => {
    const bench = asking();
    bench.posts('voice');
    bench.passes(contextMsMax + 10);
    const [asked] = bench.questions;
    expect(asked?.signal.aborted).toBe(true);
    asked?.done({ text: known });
    asked?.done({ text: known });
    bench.passes(10);
    expect(bench.contexts).toEqual([{}]);
    expect(bench.log.named('contextMissing')).toHaveLength(1);
    expect(bench.sessions).toHaveLength(1);
  });

  test('uses what can be used, and the log names what nobody declared, without its value', () => {
    const bench = asking();
    bench.posts('voice');
    bench.questions[0]?.done({ text: JSON.stringify({ customer: 'Ann', plan: ['gold'], ssn: '123-45' }) });
    expect(bench.contexts).toEqual([{ customer: 'Ann' }]);
    const told = { callSid, fault: 'context.invalid', unknown: ['ssn'], unusable: ['plan'] };
    expect(bench.log.named('contextPartlyUsed')).toMatchObject([told]);
    expect(bench.log.text).not.toMatch(/123-45|gold/);
  });

  test('waits for nobody when no value is declared', () => {
    const bench = asking({ contextDefaults: new Map() });
    expect(bench.asks('voice')).toContain('<Stream ');
    expect(bench.questions).toEqual([]);
  });

  test('that comes twice is asked about once, and both get the same answer', () => {
    const bench = asking();
    const first = bench.posts('voice');
    const second = bench.posts('voice');
    bench.questions[0]?.done({ text: known });
    bench.passes(10);
    expect(bench.questions).toHaveLength(1);
    expect(twimlOf(first)).toContain('<Stream ');
    expect(second).toEqual(first);
    expect(bench.contexts).toHaveLength(1);
  });

  test('whose caller hangs up meanwhile never begins, and stands in the history', () => {
    const store = new MemoryStore();
    const bench = asking({ store });
    const answers = bench.posts('voice');
    expect(bench.posts('status', over)).toEqual([{ status: 204 }]);
    bench.passes(10);
    expect(twimlOf(answers)).toContain('<Response/>');
    expect(bench.questions[0]?.signal.aborted).toBe(true);
    bench.questions[0]?.done({ text: known });
    bench.passes(contextMsMax);
    expect([bench.sessions, bench.contexts]).toEqual([[], []]);
    expect(bench.asks('voice')).toContain('<Response/>');
    expect(bench.questions).toHaveLength(1);
    expect(bench.service.registry.noRoom).toBeNull();
  });
});

describe('the room for calls', () => {
  test('counts those about which somebody is asked', () => {
    const bench = asking({ callsMax: 1 });
    const first = bench.posts('voice');
    expect(bench.asks('voice', { CallSid: otherCall })).toContain('<Number>+15550102</Number>');
    bench.questions[0]?.done({ text: known });
    bench.passes(10);
    expect(twimlOf(first)).toContain('<Stream ');
    expect(bench.log.named('callRefused')).toMatchObject([{ callSid: otherCall }]);
  });

  test('is free again after a call that did not wait', () => {
    const bench = asking({ callsMax: 1 });
    bench.posts('voice');
    bench.posts('status', over);
    const second = bench.posts('voice', { CallSid: otherCall });
    bench.passes(contextMsMax + 10);
    expect(twimlOf(second)).toContain('<Stream ');
  });

  test('a service that drains answers the calls that ring with what it knows, and takes no further ones', () => {
    const bench = asking();
    const answers = bench.posts('voice');
    bench.service.drain(60_000, () => {});
    bench.passes(10);
    expect(twimlOf(answers)).toContain('<Stream ');
    expect(bench.contexts).toEqual([{}]);
    expect(bench.asks('voice', { CallSid: otherCall })).not.toContain('<Stream ');
    expect(bench.log.named('contextMissing')).toEqual([]);
  });
});

test('what was learned of a call goes on with the next process, which asks nobody', () => {
  const store = new MemoryStore();
  const first = asking({ store });
  first.posts('voice');
  first.questions[0]?.done({ text: known });
  first.passes(1_000);
  const second = asking({ store });
  expect(second.asks('streamEnded', {}, { stream: '1' })).toContain('<Stream ');
  expect(second.questions).toEqual([]);
  expect(second.contexts).toEqual([{ customer: 'Ann Lee', plan: '7' }]);
});

test('each session of a call gets the instruction of its own time', () => {
  const at: number[] = [];
  const instructionAt = (unixMs: number): string => {
    at.push(unixMs);
    return `It is ${unixMs}.`;
  };
  const bench = new ServiceBench({ agent: { instructionAt } });
  const { session } = bench.talks();
  bench.passes(3_000);
  session.socket.closed(1011, 'internal error');
  bench.passes(10);
  const next = bench.answersSetup();
  const [first = 0, second = 0] = at;
  expect(second - first).toBeGreaterThanOrEqual(3_000);
  expect(JSON.stringify(session.received[0])).toContain(`It is ${first}.`);
  expect(JSON.stringify(next.received[0])).toContain(`It is ${second}.`);
});
