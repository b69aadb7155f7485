import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '../../src/config/load/load-config.ts';
import { type OfferedTools, openAgentTools } from '../../src/service/agent-tools.ts';
import { startService } from '../../src/service/start-service.ts';
import type { ScriptInput } from '../../src/sim/model/script/script.ts';
import { createTools, defineTool, type Tool } from '../../src/tools/tool.ts';
import { isJsonObject, type JsonObject } from '../../src/encoding/json.ts';
import { LogLines } from '../log-lines.ts';
import { toneClip } from '../tone.ts';
import { until } from '../until.ts';
import { ServiceScene } from './service-scene.ts';

const secret = 'password of the database';

const lookUp = defineTool({
  name: 'look_up',
  description: 'Looks up an order.',
  parameters: z.object({ order: z.string().max(8) }),
  run: ({ order }) => ({ response: { result: `Order ${order} was sent.` } }),
});

const broken = defineTool({
  name: 'broken',
  description: 'Never works.',
  parameters: z.object({}),
  run: () => {
    throw new Error(secret);
  },
});

test.concurrent('a tool call is answered with what the tool returns', async (context) => {
  const scene = await withTools(context, [lookUp], callsOf('look_up', { order: 'A1042' }));
  expect(await answers(scene, 1)).toEqual([{ result: 'Order A1042 was sent.' }]);
});

test.concurrent('a tool of TOOLS_DIR answers from its own process, and a call outlives that process', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  context.onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = { hours: "'At nine.'", dies: 'process.exit(1)' };
  for (const [name, body] of Object.entries(files)) {
    const source = `import { defineTool } from 'parley/tool';
import { z } from 'zod';
export const tool = defineTool({ name: '${name}', description: 'x', parameters: z.object({}), run: () => ${body} });`;
    writeFileSync(join(folder, `${name}.ts`), source);
  }
  const opened = await openAgentTools(loadConfig({ TOOLS_DIR: folder }), {
    builtIn: [],
    log: new LogLines().logger,
    env: {},
  });
  context.onTestFinished(opened.close);
  const script = { turns: [{ steps: [call('dies'), call('hours')] }], setupMs: 0, latencyMs: 0 };
  const scene = await withTools(context, [...opened.tools.values()], script);
  expect(await answers(scene, 2)).toEqual([
    { error: expect.stringContaining('interrupted'), retryable: false },
    { result: 'At nine.' },
  ]);
});

test.concurrent('tools that change are offered to the next call, and no other', async (context) => {
  const takers: ((offered: OfferedTools) => void)[] = [];
  const parts = { tools: createTools([lookUp]), watchTools: (take: (typeof takers)[number]) => void takers.push(take) };
  const scene = await ServiceScene.open(context, { parts });
  // A machine that is so busy that a session was not set up in time has another one.
  const offered = async (words: string): Promise<string | undefined> =>
    until(`a session with ${words}`, () =>
      scene.model.sessions.map(({ setup }) => text(setup)).find((setup) => setup.includes(words)),
    );
  scene.call();
  await offered('look_up');
  takers[0]?.({ tools: createTools([broken]), names: ['broken'], searches: [] });
  scene.call();
  expect(await offered('Never works.')).not.toContain('look_up');
});

test.concurrent.for(['GEMINI_MODEL', 'GEMINI_FALLBACK_MODEL'])(
  'a tool that %s cannot be told of is refused before the service answers anything',
  async (name) => {
    const config = loadConfig({ PORT: '0', [name]: 'gemini-3.8-live-extended-thinking' });
    const parameters = z.object({ sizes: z.record(z.string(), z.number()) });
    const tool = defineTool({ name: 'measure', description: 'Measures.', parameters, run: () => ({ response: {} }) });
    const starts = startService(config, { tools: createTools([tool]), log: new LogLines().logger });
    await expect(starts).rejects.toThrow('The tool measure cannot be declared to gemini-3.8-live-extended-thinking');
  },
);

test.concurrent('a tool that does not exist is answered with the names of those that do', async (context) => {
  const scene = await withTools(context, [lookUp, broken], callsOf('look_down'));
  const [answer] = await answers(scene, 1);
  expect(answer?.error).toMatch(/no tool "look_down".*look_up, broken/);
  expect(scene.log.named('toolFailed')).toMatchObject([{ fault: 'tool.unknown' }]);
});

test.concurrent('arguments that do not fit are answered with what is wrong, and the next try works', async (context) => {
  const wrong = [{}, { order: 7 }, { order: 'A10421042' }].map((args) => call('look_up', args));
  const right = call('look_up', { order: 'A1042' });
  const scene = await withTools(context, [lookUp], { turns: [{ steps: [...wrong, right] }], setupMs: 0, latencyMs: 0 });
  const given = await answers(scene, 4);
  for (const answer of given.slice(0, 3)) expect(answer.error).toMatch(/arguments of look_up do not fit. order: /);
  expect(given[3]).toEqual({ result: 'Order A1042 was sent.' });
});

test.concurrent('a tool that throws is answered without its secrets, and the log has the stack', async (context) => {
  const scene = await withTools(context, [broken], callsOf('broken'));
  const [answer] = await answers(scene, 1);
  expect(answer).toEqual({ error: expect.stringMatching(/did not work/), retryable: false });
  expect(JSON.stringify(scene.model.sessions[0]?.timeline)).not.toContain(secret);
  const [line] = scene.log.named('toolThrew');
  expect(line).toMatchObject({
    tool: 'broken',
    err: { type: 'Error', stack: expect.stringContaining('tools.test.ts') },
  });
  expect(scene.log.text).not.toContain(secret);
});

test.concurrent.for<[string, Record<string, unknown>]>([
  ['that JSON cannot express', { count: 7n }],
  ['that is far too long, and no text that could be cut', { result: Array<string>(4_000).fill('more') }],
])('an answer %s fails that tool call and not the phone call', async ([, response], context) => {
  const odd = defineTool({
    name: 'odd',
    description: 'Returns what no model can use.',
    parameters: z.object({}),
    run: () => ({ response }),
  });
  const scene = await withTools(context, [odd], callsOf('odd'));
  const [answer] = await answers(scene, 1);
  expect(answer).toEqual({ error: expect.stringMatching(/did not work/), retryable: false });
  expect(scene.log.named('callCrashed')).toEqual([]);
});

test.concurrent('a barge-in does not wait for a slow tool, which is told to stop when the call ends', async (context) => {
  const stopped = Promise.withResolvers<void>();
  const slow: Tool = {
    ...lookUp,
    name: 'slow',
    behavior: 'nonBlocking',
    run: (_args, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          stopped.resolve();
          reject(new Error('Stopped.'));
        });
      }),
  };
  const scene = await withTools(context, [slow], {
    turns: [{ steps: [call('slow'), { say: 'long' }] }],
    setupMs: 0,
    latencyMs: 0,
  });
  const steps = [{ waitFor: 'agentSpeaking', ms: 300 }, { tone: { hz: 440, ms: 1000 } }] as const;
  let isCleared = false;
  const phone = scene.call({ script: { steps }, onNote: ({ kind }) => (isCleared ||= kind === 'stream.cleared') });
  await until('the clear', () => isCleared);
  phone.hangUp();
  const report = await phone.ended;

  // A machine may be so busy that a session is not set up in time, and another one greets.
  const told = scene.model.sessions.flatMap(({ timeline }) => timeline);
  const interrupted = told.find(({ message }) => text(message).includes('"interrupted"'));
  const cleared = report.timeline.find(({ kind }) => kind === 'stream.cleared');
  // The tool would take for ever; a busy machine may take a moment.
  expect((cleared?.atMs ?? Infinity) - (interrupted?.atMs ?? 0)).toBeLessThan(5000);
  expect(scene.log.named('toolCalled')).toHaveLength(1);
  await stopped.promise;
  expect(scene.log.named('toolThrew')).toEqual([]);
});

const clips = new Map([['long', toneClip(600, 20_000, 'It is a long story.')]]);

/** A call to a service that has these tools, and to a model that follows the script. */
async function withTools(context: TestContext, tools: readonly Tool[], script: ScriptInput): Promise<ServiceScene> {
  const scene = await ServiceScene.open(context, { model: { script, clips }, parts: { tools: createTools(tools) } });
  if (!text(script).includes('"say"')) scene.call();
  return scene;
}

function call(name: string, args: Record<string, unknown> = {}) {
  return { call: { name, args } };
}

function callsOf(name: string, args: Record<string, unknown> = {}): ScriptInput {
  return { turns: [{ steps: [call(name, args)] }], setupMs: 0, latencyMs: 0 };
}

/** The first answers that the model got. */
async function answers(scene: ServiceScene, count: number): Promise<JsonObject[]> {
  return until(`${count} answers`, () => {
    // A machine that is so busy that a session was not set up in time has another one.
    const given = scene.model.sessions.flatMap(({ timeline }) => timeline).flatMap(({ message }) => responses(message));
    return given.length >= count && given;
  });
}

function responses(message: unknown): JsonObject[] {
  const { toolResponse } = isJsonObject(message) ? message : {};
  const { functionResponses = [] } = isJsonObject(toolResponse) ? toolResponse : {};
  return [functionResponses]
    .flat()
    .flatMap((one) => (isJsonObject(one) && isJsonObject(one.response) ? [one.response] : []));
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? '';
}
