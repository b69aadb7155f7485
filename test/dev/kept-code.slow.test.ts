import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { startArguments } from '../../dev/siege/start-arguments.ts';
import { startModelServer } from '../../src/sim/model/hosts/server.ts';
import { call, environment, geminiKey, greetsOnly } from '../e2e/service-scene.ts';
import { compileCache } from '../compile-cache.ts';
import { toneClip } from '../tone.ts';
import { until } from '../until.ts';

/** Says on standard error, for each signal, which parts of Node and which modules of CommonJS the main thread has loaded. */
const tells = `
import module from 'node:module';
import { isMainThread } from 'node:worker_threads';
if (isMainThread)
  process.on('SIGUSR2', () => console.error('parts ' + [...process.moduleLoadList, ...Object.keys(module._cache)].join(';') + ';end'));
`;

test('a service that was killed has left what it compiled to the next one, which strips no types', async (context) => {
  const folder = temporaryFolder(context);
  const stripper = 'NativeModule internal/deps/amaro/dist/index';
  const settings = { ...environment('http://127.0.0.1:1'), NODE_COMPILE_CACHE: join(folder, 'compiled') };
  const first = start(context, { ...settings, JOURNAL_FILE: join(folder, 'first.sqlite') });
  await until('it is there', () => first.said.includes('"msg":"journalOpened"'));
  expect(await first.parts()).toContain(stripper);
  first.child.kill('SIGKILL');
  const second = start(context, { ...settings, JOURNAL_FILE: join(folder, 'second.sqlite') });
  await until('it is there', () => second.said.includes('"msg":"journalOpened"'));
  expect(await second.parts()).not.toContain(stripper);
});

test('a call finds everything loaded', async (context) => {
  const clips = new Map([['beep', toneClip(600, 400, 'Beep.')]]);
  const model = await startModelServer({ script: greetsOnly, clips, apiKey: geminiKey });
  context.onTestFinished(() => model.close());
  const journal = { JOURNAL_FILE: join(temporaryFolder(context), 'journal.sqlite') };
  const service = start(context, { ...compileCache, ...environment(model.url), ...journal });
  await until('it is there', () => service.said.includes('"msg":"journalOpened"'));
  const before = await service.parts();
  const { port } = /"port":(?<port>\d+)/.exec(service.said)?.groups ?? {};
  const phone = call(`http://127.0.0.1:${port}`);
  await until('the model hears the caller', () => (model.sessions[0]?.audioReceived().length ?? 0) > 16_000);
  phone.hangUp();
  await phone.ended;
  await until('the call is over', () => service.said.includes('"msg":"callEnded"'));
  expect((await service.parts()).filter((part) => !before.includes(part))).toEqual([]);
});

function temporaryFolder({ onTestFinished }: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-kept-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

interface Started {
  readonly child: ChildProcess;
  /** All that it has written. */
  readonly said: string;
  /** The parts of Node that it has loaded so far. */
  parts(): Promise<readonly string[]>;
}

/** Starts the service as `npm start` does. It is killed when the test is over. */
function start({ onTestFinished }: TestContext, env: Readonly<Record<string, string>>): Started {
  const hook = ['--import', `data:text/javascript,${encodeURIComponent(tells)}`];
  const child = spawn(process.execPath, [...hook, ...startArguments()], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const started = {
    child,
    said: '',
    async parts(): Promise<readonly string[]> {
      const from = started.said.length;
      child.kill('SIGUSR2');
      const told = await until('the parts', () => /parts (.*);end/.exec(started.said.slice(from))?.[1]);
      return told.split(';');
    },
  };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (started.said += data.toString()));
  return started;
}
