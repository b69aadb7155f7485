import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { CallFact } from '../../src/call/events.ts';
import { ParleyError } from '../../src/errors.ts';
import { ToolRunner, type ToolSettlement } from '../../src/host/tool-runner.ts';
import { createTools, defineTool, type Tool, type ToolRun } from '../../src/tools/tool.ts';
import { LogLines } from '../log-lines.ts';
import { toolContext } from '../tools/tool-context.ts';

const call = { id: '1', name: 'order', args: { what: 'a taxi' } };
const notWorking = 'The tool did not work. Tell the caller so, and do not try it again.';

/** A runner of two tools, which come out as a test says. */
function bench() {
  const facts: CallFact[] = [];
  const runs: { name: string; args: unknown; run: ToolRun; done: (settlement: ToolSettlement) => void }[] = [];
  const log = new LogLines();
  const runner = new ToolRunner({
    tools: createTools([named('order'), named('look_up')]),
    runTool: ({ name }, args, run, done) => void runs.push({ name, args, run, done }),
    call: toolContext().call,
    onFact: (fact) => void facts.push(fact),
    log: log.logger,
  });
  return { runner, facts, runs, log };
}

test('a tool that there is not fails at once, and the model learns which there are', () => {
  const { runner, facts, runs } = bench();
  expect(runner.accept({ ...call, name: 'fly' })).toBeNull();
  const message = 'There is no tool "fly". The tools are: order, look_up.';
  expect(facts).toEqual([{ type: 'tool.failed', id: '1', fault: 'tool.unknown', message }]);
  expect(runs).toEqual([]);
});

test('a tool runs when it is told to, with its arguments and the call', () => {
  const { runner, facts, runs } = bench();
  const start = runner.accept(call);
  expect(runs).toEqual([]);
  start?.();
  expect(runs).toMatchObject([{ name: 'order', args: call.args, run: { call: { callSid: 'CA1' }, key: 'CA1-1' } }]);
  expect(runs[0]?.run.signal.aborted).toBe(false);
  expect(facts).toEqual([]);
});

describe('a tool that is done', () => {
  test.for<[string, ToolSettlement, Partial<CallFact>]>([
    [
      'tells its answer, aloud and without leaving unless it says so',
      { result: { response: { result: 'Done.' } } },
      { type: 'tool.finished', response: { result: 'Done.' }, silent: false, leave: null },
    ],
    [
      'tells what it asks of the call',
      { result: { response: {}, silent: true, leave: { kind: 'hangUp' } } },
      { type: 'tool.finished', response: {}, silent: true, leave: { kind: 'hangUp' } },
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
      'fails beyond the bound',
      { result: { response: { x: 'y'.repeat(15_993) } } },
      { type: 'tool.failed', fault: 'tool.failed', message: notWorking },
    ],
    [
      'fails when JSON cannot express its answer',
      { result: { response: { count: 1n } } },
      { type: 'tool.failed', fault: 'tool.failed', message: notWorking },
    ],
  ])('%s', ([, settlement, fact]) => {
    const { runner, facts, runs, log } = bench();
    runner.accept(call)?.();
    runs[0]?.done(settlement);
    runs[0]?.done(settlement);
    expect(facts).toEqual([expect.objectContaining({ id: '1', ...fact })]);
    const isUnforeseen = 'message' in fact && fact.message === notWorking;
    expect(log.named('toolThrew')).toHaveLength(isUnforeseen ? 1 : 0);
  });
});

describe('a tool that is cancelled', () => {
  test('is told so, and its outcome is nobody’s', () => {
    const { runner, facts, runs } = bench();
    runner.accept(call)?.();
    runner.accept({ ...call, id: '2' })?.();
    runner.cancel('1');
    expect(runs.map(({ run }) => run.signal.aborted)).toEqual([true, false]);
    for (const { done } of runs) done({ result: { response: {} } });
    expect(facts).toMatchObject([{ id: '2' }]);
  });

  test('before it began never begins', () => {
    const { runner, runs } = bench();
    const start = runner.accept(call);
    runner.cancel('1');
    start?.();
    expect(runs).toEqual([]);
  });

  test('goes with all others', () => {
    const { runner, runs } = bench();
    runner.accept(call)?.();
    runner.accept({ ...call, id: '2' })?.();
    runner.cancelAll();
    expect(runs.map(({ run }) => run.signal.aborted)).toEqual([true, true]);
  });
});

function named(name: string): Tool {
  return defineTool({ name, description: 'For tests.', parameters: z.object({}), run: () => ({ response: {} }) });
}
