import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { CallFact } from '../../../src/call/events.ts';
import { ParleyError } from '../../../src/errors.ts';
import { ToolRunner, type ToolSettlement } from '../../../src/host/tooling/tool-runner.ts';
import { createTools, defineTool, type Tool, type ToolRun } from '../../../src/tools/tool.ts';
import { LogLines } from '../../log-lines.ts';
import { toolContext } from '../../tools/tool-context.ts';

const call = { id: '1', name: 'order', args: { what: 'a taxi' } };
const cutMark = '… (There is more, which is left out.)';
const notWorking = 'The tool did not work. Tell the caller so, and do not try it again.';

/** A runner of two tools, which come out as a test says. */
function bench() {
  const log = new LogLines();
  const facts: CallFact[] = [];
  const runs: { name: string; args: unknown; run: ToolRun; done: (settlement: ToolSettlement) => void }[] = [];
  const runner = new ToolRunner({
    tools: createTools([named('order', 'write'), named('look_up', 'read')]),
    runTool: ({ name }, args, run, done) => void runs.push({ name, args, run, done }),
    call: toolContext().call,
    onFact: (fact) => void facts.push(fact),
    log: log.logger,
  });
  return { runner, facts, runs, log };
}

test('a tool that there is not fails at once, and the model learns which there are', () => {
  const { runner, facts, runs } = bench();
  expect(runner.accept({ ...call, name: 'fly' }, '1')).toBeNull();
  const message = 'There is no tool "fly". The tools are: order, look_up.';
  expect(facts).toEqual([{ type: 'tool.failed', id: '1', fault: 'tool.unknown', message }]);
  expect(runs).toEqual([]);
});

test.for([
  [{ ...call.args, note: 'again' }, 'note'],
  [{ ...call.args, guest: { name: 'Ann', age: 7 }, __proto__: null, constructor: 1 }, 'guest.age, constructor'],
  [JSON.parse('{"what":"a taxi","__proto__":{}}'), '__proto__'],
] as const)('what changes something does not run with an argument that it would pass over: %j', ([args, names]) => {
  const { runner, facts, runs } = bench();
  expect(runner.accept({ ...call, args }, '1')).toBeNull();
  const message = `The tool order knows no ${names}, and nothing was done. Leave it out.`;
  expect(facts).toEqual([{ type: 'tool.failed', id: '1', fault: 'tool.argumentsInvalid', message }]);
  runner.accept({ ...call, name: 'look_up', args }, '2')?.(true);
  expect(runs).toMatchObject([{ name: 'look_up' }]);
});

test('a tool runs when it is told to, with its arguments and the call', () => {
  const { runner, facts, runs } = bench();
  const start = runner.accept(call, '1');
  expect(runs).toEqual([]);
  start?.(true);
  expect(runs).toMatchObject([{ name: 'order', args: call.args, run: { call: { callSid: 'CA1' }, key: 'CA1-1' } }]);
  expect(runs[0]?.run.signal.aborted).toBe(false);
  expect(facts).toEqual([]);
});

describe('a tool that is done', () => {
  test.for<[string, ToolSettlement, Partial<CallFact>]>([
    [
      'tells its answer, aloud and without leaving unless it says so',
      { result: { response: { result: 'Done.' } } },
      { type: 'tool.finished', response: { result: 'Done.' }, scheduling: 'whenIdle', leave: null },
    ],
    [
      'tells what it asks of the call',
      { result: { response: {}, silent: true, leave: { kind: 'hangUp' } } },
      { type: 'tool.finished', response: {}, scheduling: 'silent', leave: { kind: 'hangUp' } },
    ],
    [
      'fails with its own code and words',
      { error: new ParleyError('tool.argumentsInvalid', 'Name a number.') },
      { type: 'tool.failed', fault: 'tool.argumentsInvalid', message: 'Name a number.' },
    ],
    [
      'fails without a word of what is inside when it throws anything else',
      { error: new RangeError('secret') },
      { type: 'tool.failed', fault: 'tool.failed', message: notWorking },
    ],
    ['may be as long as the bound', { result: { response: { x: 'y'.repeat(15_992) } } }, { type: 'tool.finished' }],
    [
      'has its longest texts cut beyond the bound',
      { result: { response: { x: 'y'.repeat(15_993), sum: 2 } } },
      { type: 'tool.finished', response: { x: `${'y'.repeat(8_000)}${cutMark}`, sum: 2 } },
    ],
    [
      'has them cut wherever they stand, and as short as it takes',
      { result: { response: { of: twenty('y'.repeat(1_500)) } } },
      { type: 'tool.finished', response: { of: twenty(`${'y'.repeat(500)}${cutMark}`) } },
    ],
    [
      'fails beyond the bound when no text can be cut',
      { result: { response: { of: Array<number>(9_000).fill(1) } } },
      { type: 'tool.failed', fault: 'tool.failed', message: notWorking },
    ],
    ['may nest as deep as the bound', { result: { response: { x: nested(63) } } }, { type: 'tool.finished' }],
    [
      'fails when its answer nests thousands of levels deep',
      { result: { response: { x: nested(5_000) } } },
      { type: 'tool.failed', fault: 'tool.failed', message: notWorking },
    ],
    [
      'fails when JSON cannot express its answer',
      { result: { response: { count: 1n } } },
      { type: 'tool.failed', fault: 'tool.failed', message: notWorking },
    ],
  ])('%s', ([, settlement, fact]) => {
    const { runner, facts, runs, log } = bench();
    runner.accept(call, '1')?.(true);
    runs[0]?.done(settlement);
    runs[0]?.done(settlement);
    expect(facts).toEqual([expect.objectContaining({ id: '1', ...fact })]);
    const isUnforeseen = 'message' in fact && fact.message === notWorking;
    expect(log.named('toolThrew')).toHaveLength(isUnforeseen ? 1 : 0);
  });
});

describe('a tool whose process died under it', () => {
  const died = { error: new ParleyError('tool.interrupted', 'It broke off.') };
  const look = { ...call, name: 'look_up' };

  test('is run once more by the same key if it changes nothing', () => {
    const { runner, facts, runs, log } = bench();
    runner.accept(look, 'look_up-1')?.(true);
    runs[0]?.done(died);
    expect(facts).toEqual([]);
    runs[1]?.done({ result: { response: { result: 'Found.' } } });
    expect(facts).toMatchObject([{ type: 'tool.finished', response: { result: 'Found.' } }]);
    expect(runs.map(({ run }) => run.key)).toEqual(['CA1-look_up-1', 'CA1-look_up-1']);
    expect(log.named('toolRunAgain')).toHaveLength(1);
  });

  test('is not run a third time', () => {
    const { runner, facts, runs } = bench();
    runner.accept(look, '1')?.(true);
    runs[0]?.done(died);
    runs[1]?.done(died);
    expect(runs).toHaveLength(2);
    expect(facts).toEqual([{ type: 'tool.failed', id: '1', fault: 'tool.interrupted', message: 'It broke off.' }]);
  });

  test('is not run again if nobody waits for it, if it changes something, or if it threw', () => {
    const { runner, runs } = bench();
    runner.accept(look, '1')?.(true);
    runner.accept({ ...call, id: '2' }, '2')?.(true);
    runner.accept({ ...look, id: '3' }, '3')?.(true);
    runner.cancel('1');
    for (const { done } of runs.slice(0, 2)) done(died);
    runs[2]?.done({ error: new ParleyError('tool.failed', 'No.') });
    expect(runs).toHaveLength(3);
  });
});

describe('a tool of which the journal does not know', () => {
  test('is not run if it changes something, and the model learns that nothing was done', () => {
    const { runner, facts, runs, log } = bench();
    runner.accept(call, '1')?.(false);
    expect(runs).toEqual([]);
    const message = 'This cannot be done just now, and nothing was done. Tell the caller so.';
    expect(facts).toEqual([{ type: 'tool.failed', id: '1', fault: 'tool.notRecorded', message }]);
    expect(log.named('toolNotRecorded')).toHaveLength(1);
  });

  test('is run if it changes nothing', () => {
    const { runner, runs } = bench();
    runner.accept({ ...call, name: 'look_up' }, '1')?.(false);
    expect(runs).toHaveLength(1);
  });
});

test('what a tool throws is told to the log, and its words, which may be personal, are no line of it', () => {
  const { runner, runs, log } = bench();
  runner.accept(call, '1')?.(true);
  runner.accept({ ...call, id: '2' }, '2')?.(true);
  runs[0]?.done({ error: new ParleyError('tool.refused', 'Anna has a table already.') });
  runs[1]?.done({ error: new TypeError('Anna is not a number') });
  expect(log.named('toolRefused')).toMatchObject([{ level: 'info', fault: 'tool.refused' }]);
  expect(log.named('toolThrew')).toMatchObject([{ level: 'error', err: { type: 'TypeError' } }]);
  expect(log.text).not.toContain('Anna');
});

describe('a tool that is cancelled', () => {
  test('is told so, and its outcome is nobody’s', () => {
    const { runner, facts, runs } = bench();
    runner.accept(call, '1')?.(true);
    runner.accept({ ...call, id: '2' }, '2')?.(true);
    runner.cancel('1');
    expect(runs.map(({ run }) => run.signal.aborted)).toEqual([true, false]);
    for (const { done } of runs) done({ result: { response: {} } });
    expect(facts).toMatchObject([{ id: '2' }]);
  });

  test('before it began never begins', () => {
    const { runner, runs } = bench();
    const start = runner.accept(call, '1');
    runner.cancel('1');
    start?.(true);
    expect(runs).toEqual([]);
  });

  test('goes with all others', () => {
    const { runner, runs } = bench();
    runner.accept(call, '1')?.(true);
    runner.accept({ ...call, id: '2' }, '2')?.(true);
    runner.cancelAll();
    expect(runs.map(({ run }) => run.signal.aborted)).toEqual([true, true]);
  });
});

function named(name: string, effect: Tool['effect']): Tool {
  return defineTool({
    name,
    effect,
    description: 'For tests.',
    parameters: z.object({ what: z.string(), guest: z.object({ name: z.string() }).optional() }),
    run: () => ({ response: {} }),
  });
}

/** Lists within lists. */
function nested(levels: number): unknown {
  return JSON.parse('['.repeat(levels) + ']'.repeat(levels));
}

function twenty(text: string): object[] {
  return Array.from({ length: 20 }, () => ({ text }));
}
