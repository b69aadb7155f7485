import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, type TestContext } from 'vitest';
import { isJsonObject, type JsonObject, parseJson } from '../../src/encoding/json.ts';
import type { PhoneCall } from '../../src/sim/carrier/hosts/phone.ts';
import { startModelServer } from '../../src/sim/model/hosts/server.ts';
import { compileCache } from '../compile-cache.ts';
import { call, environment, geminiKey, greetsOnly } from '../e2e/service-scene.ts';
import { toneClip } from '../tone.ts';
import { until } from '../until.ts';

const workerNames = ['w0', 'w1', 'w2'];

describe('three workers', () => {
  test('share the calls, and take no more of them together than MAX_CONCURRENT_CALLS', async (context) => {
    const parley = await run(context, { MAX_CONCURRENT_CALLS: '6', FALLBACK_DESTINATION: '' });
    await parley.talking(6);
    expect(parley.countOf('streamStarted')).toEqual({ w0: 2, w1: 2, w2: 2 });
    expect((await fetch(`${parley.url}/readyz`)).status).toBe(503);
    expect(await parley.call().ended).toMatchObject({ endReason: 'rejected' });
    expect((await fetch(`${parley.url}/healthz`)).status).toBe(200);

    parley.hangUp();
    // Each was told by a status callback, whose address names no worker.
    await until('all ends', () => parley.named('callEnded').length === 6);
    expect(parley.countOf('callEnded')).toEqual({ w0: 2, w1: 2, w2: 2 });
    await until('readiness', async () => (await fetch(`${parley.url}/readyz`)).status === 200);
  });

  test('lose none of their calls when one of them is killed: its own go on in the next one', async (context) => {
    const parley = await run(context, {});
    await parley.talking(6);
    await parley.greeted(6);
    process.kill(parley.pidOf('w1'), 'SIGKILL');
    await until('both calls go on', () => parley.named('restored').length === 2);
    expect(parley.countOf('restored')).toEqual({ w1: 2 });
    await until('their streams', () => parley.named('streamStarted').length === 8);
    expect(parley.countOf('streamStarted')).toEqual({ w0: 2, w1: 4, w2: 2 });
    expect(parley.named('workerEnded')).toMatchObject([{ instance: 'w1', signal: 'SIGKILL' }]);
    expect(parley.named('callEnded')).toEqual([]);

    parley.hangUp();
    await until('all ends', () => parley.named('callEnded').length === 6);
    expect(parley.named('callEnded').map(({ reason }) => reason)).toEqual(Array(6).fill('callerHungUp'));
  });

  test('are drained together on SIGTERM, and the program ends with its last call', async (context) => {
    const parley = await run(context, { FALLBACK_DESTINATION: '' });
    await parley.talking(3);
    parley.process.kill('SIGTERM');
    await until('all drain', () => parley.named('draining').length === 4);
    expect(await parley.call().ended).toMatchObject({ endReason: 'rejected' });
    expect(parley.process.exitCode).toBeNull();
    parley.hangUp();
    expect(await parley.exitCode).toBe(0);
    expect(parley.named('stopped')).toMatchObject([{ cutOff: 0 }, { cutOff: 0 }, { cutOff: 0 }]);
  });

  test('leave their calls and end when nobody hands them connections any more', async (context) => {
    const parley = await run(context, {});
    await parley.talking(3);
    parley.process.kill('SIGKILL');
    await parley.exitCode;
    expect(parley.countOf('callReleased')).toEqual({ w0: 1, w1: 1, w2: 1 });
    expect(parley.named('stopped')).toHaveLength(3);
  });
});

test('what keeps a worker from starting is said once, and ends the program with status 1', async () => {
  const child = start({ ...environment('http://127.0.0.1:1'), WORKERS: '2', LOOKUP_FILE: 'no/such/orders.csv' });
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const [exitCode]: unknown[] = await once(child, 'close');
  expect(exitCode).toBe(1);
  expect(said).toMatch(/^.*no\/such\/orders\.csv.*ENOENT.*\n$/);
});

type Program = ChildProcessByStdio<null, Readable, Readable>;

function start(settings: Readonly<Record<string, string>>): Program {
  const file = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  return spawn(process.execPath, [file], { env: { ...compileCache, ...settings }, stdio: ['ignore', 'pipe', 'pipe'] });
}

interface Parley {
  readonly process: Program;
  readonly url: string;
  readonly exitCode: Promise<unknown>;
  named(event: string): readonly JsonObject[];
  /** How many lines of an event each worker has written. */
  countOf(event: string): Readonly<Record<string, number>>;
  pidOf(worker: string): number;
  call(): PhoneCall;
  /** Places so many calls, each when the one before talks, and waits until their agents have greeted. */
  talking(count: number): Promise<void>;
  /** Waits until so many calls have heard their greeting. */
  greeted(count: number): Promise<void>;
  hangUp(): void;
}

/** Runs the program with three workers, which all answer. They end with the test. */
async function run({ onTestFinished }: TestContext, changes: Readonly<Record<string, string>>): Promise<Parley> {
  const clips = new Map([['beep', toneClip(600, 400, 'Beep.')]]);
  const model = await startModelServer({ script: greetsOnly, clips, apiKey: geminiKey });
  const folder = mkdtempSync(join(tmpdir(), 'parley-workers-'));
  const child = start({
    ...environment(model.url),
    WORKERS: String(workerNames.length),
    MAX_CONCURRENT_CALLS: '30',
    JOURNAL_FILE: join(folder, 'journal.sqlite'),
    ...changes,
  });
  const lines = linesOf(child.stdout);
  const exitCode = once(child, 'close').then(([code]: unknown[]) => code);
  const calls: PhoneCall[] = [];
  onTestFinished(async () => {
    for (const phone of calls) phone.hangUp();
    child.kill('SIGTERM');
    await exitCode;
    await model.close();
    rmSync(folder, { recursive: true });
  });
  const named = (event: string): readonly JsonObject[] => lines.filter(({ msg }) => msg === event);
  await until('three workers', () => named('workerListening').length === workerNames.length);
  const [listening] = await until('a port', () => named('listening').length > 0 && named('listening'));
  const url = `http://127.0.0.1:${String(listening?.port)}`;
  const place = (): PhoneCall => {
    const phone = call(url);
    calls.push(phone);
    return phone;
  };
  return {
    process: child,
    url,
    exitCode,
    named,
    countOf: (event) =>
      Object.fromEntries(
        Object.entries(Object.groupBy(named(event), ({ instance }) => String(instance))).map(([name, all]) => [
          name,
          all?.length ?? 0,
        ]),
      ),
    pidOf: (worker) => Number(named('workerStarted').findLast(({ instance }) => instance === worker)?.pid),
    call: place,
    async talking(count) {
      for (let placed = 1; placed <= count; placed += 1) {
        place();
        await until(`stream ${placed}`, () => named('streamStarted').length >= placed);
      }
    },
    async greeted(count) {
      await until('greetings', () => named('transcript').length >= count);
    },
    hangUp() {
      for (const phone of calls) phone.hangUp();
    },
  };
}

/** The lines of a log, as they come. */
function linesOf(stream: Readable): readonly JsonObject[] {
  const lines: JsonObject[] = [];
  let rest = '';
  stream.on('data', (data: Buffer) => {
    const parts = (rest + data.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map(parseJson).filter(isJsonObject));
  });
  return lines;
}
