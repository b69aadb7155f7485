import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, type TestContext } from 'vitest';
import { startArguments } from '../../dev/siege/start-arguments.ts';
import { startModelServer } from '../../src/sim/model/hosts/server.ts';
import { call, environment, geminiKey, greetsOnly } from '../e2e/service-scene.ts';
import { compileCache } from '../compile-cache.ts';
import { toneClip } from '../tone.ts';
import { until } from '../until.ts';

/** Says on standard error, for each signal, what of the main thread is looked at here. */
const tells = `
import module from 'node:module';
import v8 from 'node:v8';
import { isMainThread } from 'node:worker_threads';
if (isMainThread)
  process.on('SIGUSR2', () => {
    const parts = [...process.moduleLoadList, ...Object.keys(module._cache)];
    const young = v8.getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    const seen = { parts, youngBytes: young.space_size, codeTag: v8.cachedDataVersionTag() };
    console.error('seen ' + JSON.stringify(seen) + ';end');
  });
`;

test('a service that was killed has left what it compiled to the next one, which strips no types', async (context) => {
  const folder = temporaryFolder(context);
  const stripper = 'NativeModule internal/deps/amaro/dist/index';
  const settings = { ...environment('http://127.0.0.1:1'), NODE_COMPILE_CACHE: join(folder, 'compiled') };
  const first = start(context, { ...settings, JOURNAL_FILE: join(folder, 'first.sqlite') });
  await until('it is there', () => first.said.includes('"msg":"journalOpened"'));
  expect((await first.look()).parts).toContain(stripper);
  first.child.kill('SIGKILL');
  const second = start(context, { ...settings, JOURNAL_FILE: join(folder, 'second.sqlite') });
  await until('it is there', () => second.said.includes('"msg":"journalOpened"'));
  expect((await second.look()).parts).not.toContain(stripper);
});

test('a call finds everything loaded', async (context) => {
  const clips = new Map([['beep', toneClip(600, 400, 'Beep.')]]);
  const model = await startModelServer({ script: greetsOnly, clips, apiKey: geminiKey });
  context.onTestFinished(() => model.close());
  const journal = { JOURNAL_FILE: join(temporaryFolder(context), 'journal.sqlite') };
  const service = start(context, { ...compileCache, ...environment(model.url), ...journal });
  await until('it is there', () => service.said.includes('"msg":"journalOpened"'));
  const before = await service.look();
  const { port } = /"port":(?<port>\d+)/.exec(service.said)?.groups ?? {};
  const phone = call(`http://127.0.0.1:${port}`);
  await until('the model hears the caller', () => (model.sessions[0]?.audioReceived().length ?? 0) > 16_000);
  phone.hangUp();
  await phone.ended;
  await until('the call is over', () => service.said.includes('"msg":"callEnded"'));
  expect((await service.look()).parts.filter((part) => !before.parts.includes(part))).toEqual([]);
});

test('a service without a call gives back the room that its start has made, and its compiled code stays what it was', async (context) => {
  const journal = { JOURNAL_FILE: join(temporaryFolder(context), 'journal.sqlite') };
  const { FALLBACK_DESTINATION: _number, ...withoutNumbers } = environment('http://127.0.0.1:1');
  const service = start(context, { ...compileCache, ...withoutNumbers, ...journal });
  await until('it is there', () => service.said.includes('"msg":"listening"'));
  const { parts, codeTag } = await service.look();
  // No number is set, so nothing that reads numbers is there.
  expect(parts.filter((part) => part.includes('libphonenumber'))).toEqual([]);
  await until('the room is small', async () => {
    // A process that is asked all the time has something to do.
    await delay(500);
    return (await service.look()).youngBytes <= 2 ** 21;
  });
  expect((await service.look()).codeTag).toBe(codeTag);
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
  look(): Promise<Seen>;
}

interface Seen {
  /** The parts of Node and the modules of CommonJS that it has loaded so far. */
  readonly parts: readonly string[];
  /** How much room there is for young objects. */
  readonly youngBytes: number;
  /** What V8 keeps compiled code under. */
  readonly codeTag: number;
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
    async look(): Promise<Seen> {
      const from = started.said.length;
      child.kill('SIGUSR2');
      const told = await until('what is seen', () => /seen (.*);end/.exec(started.said.slice(from))?.[1]);
      const seen: Seen = JSON.parse(told);
      return seen;
    },
  };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (started.said += data.toString()));
  return started;
}
