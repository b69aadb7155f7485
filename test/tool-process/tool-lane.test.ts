import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toolContext } from '../tools/tool-context.ts';
import { until } from '../until.ts';
import { openFolder, openFolderUntil, type RunningLane, toolFile } from './tool-folder.ts';
import { folderOf, temporaryFolder } from '../temporary-folder.ts';

/** Tools whose runs have nothing to do with each other, for one process. */
const files = {
  'throws.ts': toolFile({ throws: "\n\nthrow new RangeError('no such day');" }),
  'answers.js': `import { defineTool } from 'parley/tool';
import { z } from 'zod';
const parameters = z.object({});
export const says = defineTool({ name: 'says', description: 'Says it.', parameters, run: () => 'At nine.' });
export const none = defineTool({ name: 'none', description: 'Says nothing.', parameters, run: () => undefined });
export const endless = defineTool({ name: 'endless', description: 'Says all.', parameters, run: () => 'x'.repeat(1e6) });
export const circle = defineTool({ name: 'circle', description: 'Turns.', parameters,
  run: () => { const response = {}; response.self = response; return { response }; } });`,
  'waits.ts': toolFile({
    waits: `context.log('began');
    await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
    console.log('heard of it');
    return 'too late';`,
  }),
  'talks.ts': toolFile({
    talks: `context.log('big', { text: 'x'.repeat(5_000) });
    context.log('circle', { get self() { return this; } });
    for (let count = 0; count < 100; count += 1) context.log('line', { count });
    return 'done';`,
  }),
};

test('a tool of a folder runs in another process, with its arguments checked there', async () => {
  const hours = `import { defineTool } from 'parley/tool';
import { z } from 'zod';
export const openingHours = defineTool({
  name: 'opening_hours', description: 'Tells when the shop is open.', effect: 'write', confirm: true, timeoutMs: 2_000,
  parameters: z.object({ day: z.enum(['weekday', 'sunday']).describe('Which day.') }),
  run: ({ day }, { call, key }) => ({ response: { result: day, for: call.callSid, key, pid: process.pid }, silent: true,
    scheduling: 'interrupt', leave: { kind: 'hangUp' } }),
});`;
  const folder = folderOf({ 'opening-hours.ts': hours });
  const { tools, problems, warnings, toolOf, lane } = await openFolder(folder);
  expect([problems, warnings]).toEqual([[], []]);
  expect(tools).toEqual([{ from: join(folder, 'opening-hours.ts'), tool: expect.anything() }]);
  const tool = toolOf('opening_hours');
  expect(tool).toMatchObject({
    description: 'Tells when the shop is open.',
    behavior: 'blocking',
    effect: 'write',
    confirm: true,
    timeoutMs: 2_000,
    parameters: { properties: { day: { enum: ['weekday', 'sunday'], description: 'Which day.' } }, required: ['day'] },
  });
  expect(lane.pid).not.toBe(process.pid);
  await expect(tool.run({ day: 'sunday' }, toolContext())).resolves.toEqual({
    response: { result: 'sunday', for: 'CA1', key: 'CA1-1', pid: lane.pid },
    silent: true,
    scheduling: 'interrupt',
    leave: { kind: 'hangUp' },
  });
  await expect(tool.run({ day: 'monday' }, toolContext())).rejects.toMatchObject({
    code: 'tool.argumentsInvalid',
    message: expect.stringContaining('day:'),
  });
});

describe('in a process with many tools', () => {
  const ends: (() => unknown)[] = [];
  const whenOver = (end: () => unknown): void => void ends.unshift(end);
  let opened: RunningLane;
  beforeAll(async () => {
    opened = await openFolderUntil(whenOver, temporaryFolder({ onTestFinished: whenOver }, files));
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });

  test('what a tool throws comes back with its message and the place where it was thrown', async () => {
    const error: unknown = await opened
      .toolOf('throws')
      .run({}, toolContext())
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'RangeError', message: 'no such day' });
    expect(error).toHaveProperty('stack', expect.stringContaining('throws.ts:7:'));
  });

  test('a text is an answer, and what is no answer is the fault of the tool', async () => {
    const { toolOf } = opened;
    await expect(toolOf('says').run({}, toolContext())).resolves.toEqual({ response: { result: 'At nine.' } });
    await expect(toolOf('none').run({}, toolContext())).rejects.toThrow('none returned neither a text nor');
    await expect(toolOf('endless').run({}, toolContext())).rejects.toThrow('The result of endless has 1000');
    await expect(toolOf('circle').run({}, toolContext())).rejects.toThrow('circular');
  });

  test('a cancelled run is over at once, and the tool hears of it', async () => {
    const { toolOf, lines } = opened;
    const abort = new AbortController();
    const events: string[] = [];
    const run = toolOf('waits').run({}, toolContext({ signal: abort.signal, log: (event) => events.push(event) }));
    await until('the tool has begun', () => events.includes('began'));
    abort.abort();
    await expect(run).rejects.toMatchObject({ code: 'tool.timedOut' });
    await until('the tool has heard of it', () => lines.some(({ line }) => line === 'heard of it'));
    // Nor does one begin for which nobody waits any more.
    await expect(toolOf('waits').run({}, toolContext({ signal: abort.signal }))).rejects.toMatchObject({
      code: 'tool.timedOut',
    });
  });

  test('the lines of a run are bounded in number and in size', async () => {
    const said: unknown[] = [];
    await opened.toolOf('talks').run({}, toolContext({ log: (event, fields) => said.push([event, fields]) }));
    expect(said).toHaveLength(21);
    expect(said.slice(0, 3)).toEqual([
      ['big', { leftOut: '5011 characters' }],
      ['circle', { leftOut: 'no JSON' }],
      ['line', { count: 0 }],
    ]);
    expect(said.at(-1)).toEqual(['toolLinesLeftOut', { linesMax: 20 }]);
  });
});

test('everything that is wrong with a folder is said at once, with its line', async () => {
  const folder = folderOf({
    'broken.ts': "import { defineTool } from 'parley/tool';\n\nexport const x: number = ;\n",
    'enum.ts': 'export const one = 1;\nenum Two { three }\n',
    'throws.ts': "const one = 1;\nthrow new Error('there is no database');\n",
    'plain.ts': "export const tool = { name: 'plain', run: () => 'x' };\n",
    'missing.ts': "import { nothing } from './nowhere.ts';\nexport const x = nothing;\n",
    'named.ts': toolFile({ NotSo: "return 'x';" }),
    'good.ts': toolFile({ good: "return 'x';" }),
    // None of these is a tool.
    'good.test.ts': 'throw new Error();',
    'types.d.ts': 'throw new Error();',
    'shared/words.ts': 'throw new Error();',
    'README.md': 'Read me.',
  });
  const { problems, tools } = await openFolder(folder);
  expect(problems.map((problem) => problem.replaceAll(`${folder}/`, ''))).toEqual([
    'broken.ts, line 3, cannot be loaded: Expression expected.',
    'enum.ts, line 2, cannot be loaded: TypeScript enum is not supported in strip-only mode.',
    expect.stringMatching(/^missing\.ts cannot be loaded: Cannot find module/),
    expect.stringMatching(/^named\.ts, line 3, cannot be loaded: A tool is named with small letters/),
    'plain.ts exports no tool that was made by defineTool. What is no tool lies in a folder below.',
    'throws.ts, line 2, cannot be loaded: there is no database.',
  ]);
  expect(tools.map(({ tool }) => tool.name)).toEqual(['good']);
});

test('a folder that is empty is a warning, and one that cannot be read is a problem', async () => {
  const folder = folderOf({});
  await expect(openFolder(folder)).resolves.toMatchObject({ warnings: [`${folder} holds no tools.`], problems: [] });
  const nowhere = join(folder, 'nowhere');
  await expect(openFolder(nowhere)).resolves.toMatchObject({
    problems: [`${nowhere} cannot be read: it does not exist.`],
  });
});
