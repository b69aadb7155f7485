import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { toolContext } from '../tools/tool-context.ts';
import { until } from '../until.ts';
import { openFolder, type RunningLane, toolFile } from './tool-folder.ts';
import { folderOf } from '../temporary-folder.ts';

/** Short, so that what hangs is ended soon. A process that lives answers in a few milliseconds, and has a second here. */
const limits = { graceMs: 50, pingMs: 1_000, pauseMs: 10 };

const short = 'timeoutMs: 300,';

/** A tool that does harm, and one in the same process that does none. */
async function openHarm(harm: string, options = ''): Promise<RunningLane> {
  const good = 'return `${process.pid}`;';
  const waits = 'await new Promise(() => {});';
  const files = { 'harm.ts': toolFile({ harm, waits }, options), 'good.ts': toolFile({ good }) };
  return openFolder(folderOf(files), limits);
}

/** Which process it is that answers. */
async function answers({ toolOf }: RunningLane): Promise<number> {
  const { response } = await toolOf('good').run({}, toolContext());
  return Number(response.result);
}

describe('a tool that', () => {
  test.for([
    ['ends its process', 'process.exit(0);', 'exit code 0'],
    ['kills it', "process.kill(process.pid, 'SIGKILL');", 'SIGKILL'],
    [
      'throws where nobody catches it',
      "setTimeout(() => { throw new Error('oh'); }, 1); await new Promise(() => {});",
      'exit code 1',
    ],
    ['lets go of its parent', 'process.disconnect(); await new Promise(() => {});', 'exit code 0'],
    ['never ends', 'for (;;);', 'no answer'],
    ['never ends in small steps', 'for (;;) await null;', 'no answer'],
    ['wants a heap without end', 'const all = []; for (;;) all.push(new Array(1_000_000).fill(0.5));', 'SIGABRT'],
    [
      'wants bytes without end',
      'const all = []; for (;;) { all.push(Buffer.alloc(1e8, 1)); await new Promise(setImmediate); }',
      'SIGKILL',
    ],
  ] as const)('%s interrupts the runs of its process, which is started again', async ([, harm, how]) => {
    const opened = await openHarm(harm, how === 'no answer' ? short : 'timeoutMs: 30_000,');
    const before = await answers(opened);
    expect(before).toBe(opened.lane.pid);
    const runs = [opened.toolOf('waits').run({}, toolContext()), opened.toolOf('harm').run({}, toolContext())];
    for (const run of runs) await expect(run).rejects.toMatchObject({ code: 'tool.interrupted' });
    const after = await answers(opened);
    expect(after).not.toBe(before);
    expect(opened.lines).toContainEqual(expect.objectContaining({ msg: 'toolProcessGone', lane: 'code', how }));
  });

  test('is cancelled and throws at that ends its own process only', async () => {
    const harm = `context.signal.addEventListener('abort', () => { throw new RangeError('not now'); });
      context.log('began'); await new Promise(() => {});`;
    const opened = await openHarm(harm);
    const before = await answers(opened);
    const abort = new AbortController();
    const events: string[] = [];
    const run = opened
      .toolOf('harm')
      .run({}, toolContext({ signal: abort.signal, log: (event) => events.push(event) }));
    await until('the tool has begun', () => events.length > 0);
    abort.abort();
    await expect(run).rejects.toMatchObject({ code: 'tool.timedOut' });
    await until('its process is gone', () => opened.lane.pid !== before);
    expect(await answers(opened)).not.toBe(before);
    const uncaught = opened.lines.find(({ msg }) => msg === 'toolThrewUncaught');
    expect(uncaught).toMatchObject({ ends: true, err: { stack: expect.stringContaining('harm.ts:') } });
    // What it says may be a caller's words.
    expect(JSON.stringify(opened.lines)).not.toContain('not now');
  });

  test('leaves a promise behind that fails hurts nobody', async () => {
    const opened = await openHarm("void Promise.reject(new Error('oh')); return 'done';");
    const before = await answers(opened);
    await expect(opened.toolOf('harm').run({}, toolContext())).resolves.toEqual({ response: { result: 'done' } });
    await until('it is told', () =>
      opened.lines.some(({ msg, ends }) => msg === 'toolThrewUncaught' && ends === false),
    );
    expect(await answers(opened)).toBe(before);
  });

  test('takes too long is given up, and its process stays when it answers', async () => {
    const harm =
      "await new Promise((resolve) => context.signal.addEventListener('abort', resolve)); console.log('stops');";
    const opened = await openHarm(harm, short);
    const before = await answers(opened);
    await expect(opened.toolOf('harm').run({}, toolContext())).rejects.toMatchObject({ code: 'tool.timedOut' });
    await until('the tool is told to stop', () => opened.lines.some(({ line }) => line === 'stops'));
    expect(await answers(opened)).toBe(before);
  });

  test('hangs although nobody waits for it any more is ended as well', async () => {
    const opened = await openHarm("context.log('began'); await new Promise(setImmediate); for (;;);", short);
    const before = await answers(opened);
    const abort = new AbortController();
    const run = opened.toolOf('harm').run({}, toolContext({ signal: abort.signal, log: () => abort.abort() }));
    await expect(run).rejects.toMatchObject({ code: 'tool.timedOut' });
    await until('its process is gone', () => opened.lane.pid !== before);
    expect(await answers(opened)).not.toBe(before);
  });

  test('prints without end fills neither the log nor the memory', async () => {
    const harm = `for (let line = 0; line < 20_000; line += 1) { console.log('line', line, 'x'.repeat(100)); }
      process.stderr.write('y'.repeat(100_000)); return 'printed';`;
    const opened = await openHarm(harm, 'timeoutMs: 30_000,');
    await expect(opened.toolOf('harm').run({}, toolContext())).resolves.toEqual({ response: { result: 'printed' } });
    const printed = opened.lines.filter(({ msg }) => msg === 'toolOutput');
    expect(printed.length).toBeGreaterThan(50);
    expect(printed.length).toBeLessThan(1_000);
    for (const { line } of printed) expect(String(line).length).toBeLessThanOrEqual(1_000);
  });

  test('fails in a thousand places at once does not fill the log', async () => {
    const opened = await openHarm(
      "for (let at = 0; at < 5_000; at += 1) void Promise.reject(new Error('oh')); return '';",
    );
    await opened.toolOf('harm').run({}, toolContext());
    await answers(opened);
    const told = opened.lines.filter(({ msg }) => msg === 'toolThrewUncaught');
    expect(told.length).toBeGreaterThan(50);
    expect(told.length).toBeLessThan(1_000);
  });

  test.for([
    ['nonsense', 'toolProcessMisspoke'],
    [{ news: 'line', id: 2, event: 'forged', fields: {} }, 'forged'],
  ] as const)('writes %j past all rules is ended, and its flood does not reach the calls', async ([message, event]) => {
    const flood = `const { writeSync } = await import('node:fs');
      const bytes = Buffer.from('${JSON.stringify(message)}\\n'.repeat(1_000));
      let at = 0;
      for (;;) try { at = (at + writeSync(3, bytes, at)) % bytes.length; } catch { await new Promise(setImmediate); }`;
    const opened = await openHarm(flood);
    await answers(opened);
    let lines = 0;
    const log = (said: string): void => void (lines += Number(said === event));
    const run = opened.toolOf('harm').run({}, toolContext({ log }));
    await expect(run).rejects.toMatchObject({ code: 'tool.interrupted' });
    await answers(opened);
    expect(opened.lines).toContainEqual(expect.objectContaining({ msg: 'toolProcessGone', how: 'it said too much' }));
    lines += opened.lines.filter(({ msg }) => msg === event).length;
    expect(lines).toBeGreaterThan(0);
    expect(lines).toBeLessThan(25_000);
  });

  test('sends messages of its own is not heard', async () => {
    const opened = await openHarm("process.send?.({ news: 'pong' }); return typeof process.send;");
    const { response } = await opened.toolOf('harm').run({}, toolContext());
    expect(response).toEqual({ result: 'undefined' });
  });
});

test('a run that comes while there is no process waits for the next one', async () => {
  const opened = await openHarm('process.exit(0);');
  const harm = opened.toolOf('harm').run({}, toolContext());
  await expect(harm).rejects.toMatchObject({ code: 'tool.interrupted' });
  expect(opened.lane.pid).toBeNull();
  await expect(answers(opened)).resolves.toBeGreaterThan(0);
});

test('a file that never finishes to load is named', async () => {
  const loops = folderOf({ 'a.ts': toolFile({ a: "return '';" }), 'loops.ts': 'for (;;);' });
  await expect(openFolder(loops, { openMs: 2_000 })).resolves.toMatchObject({
    problems: [`${loops}/loops.ts cannot be opened: its process ended (nothing came of it for 2 s).`],
  });
  const ends = folderOf({ 'ends.ts': 'process.exit(7);' });
  await expect(openFolder(ends)).resolves.toMatchObject({
    problems: [`${ends}/ends.ts cannot be opened: its process ended (exit code 7).`],
  });
});

test('a closed lane leaves no process behind, also when a tool hangs in it', async () => {
  const opened = await openHarm("context.log('began'); await new Promise(setImmediate); for (;;);");
  const pid = opened.lane.pid ?? 0;
  let began = false;
  const run = opened.toolOf('harm').run({}, toolContext({ log: () => (began = true) }));
  await until('the tool has begun', () => began);
  const [outcome] = await Promise.allSettled([run, opened.lane.close()]);
  expect(outcome).toMatchObject({ reason: { code: 'tool.interrupted' } });
  expect(isAlive(pid)).toBe(false);
});

test('a process ends with its parent, also when the parent is killed and a tool hangs in it', async () => {
  const folder = folderOf({
    'harm.ts': toolFile({ harm: "context.log('began'); await new Promise(setImmediate); for (;;);" }),
  });
  const parent = fork(fileURLToPath(new URL('lane-parent.ts', import.meta.url)), [folder], { execArgv: [] });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [pid]: unknown[] = await once(parent, 'message');
  expect(isAlive(Number(pid))).toBe(true);
  parent.kill('SIGKILL');
  await until('its process is gone', () => !isAlive(Number(pid)));
});

/** Whether a process runs. One that has ended and that nobody has asked about does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
