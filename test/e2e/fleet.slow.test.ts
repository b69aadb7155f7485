import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, test, type TestContext } from 'vitest';
import { isJsonObject, type JsonObject, parseJson } from '../../src/encoding/json.ts';
import { compileCache } from '../compile-cache.ts';
import { PostgresScene } from '../store/postgres/postgres-scene.ts';
import { noDatabase, testDatabase } from '../test-database.ts';
import { callForm, post } from '../twilio/twilio-client.ts';
import { until } from '../until.ts';

const isMissing = (await testDatabase()) === null;

/** A process as `npm start` runs it, without a key and for this machine alone. */
class LocalProcess {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  readonly lines: JsonObject[] = [];
  readonly exitCode: Promise<unknown>;
  errors = '';

  constructor(
    { onTestFinished }: TestContext,
    database: string,
    instance: string,
    settings: Readonly<Record<string, string>> = {},
  ) {
    const env = {
      ...compileCache,
      PATH: process.env['PATH'],
      PARLEY_ENV_FILE: 'off',
      PORT: '0',
      ADMIN_PORT: 'off',
      DATABASE_URL: database,
      INSTANCE: instance,
      MAX_CONCURRENT_CALLS: '4',
      ...settings,
    };
    const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
    this.process = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let rest = '';
    this.process.stdout.on('data', (data: Buffer) => {
      const parts = (rest + data.toString()).split('\n');
      rest = parts.pop() ?? '';
      this.lines.push(...parts.map(parseJson).filter(isJsonObject));
    });
    this.process.stderr.on('data', (data: Buffer) => (this.errors += data.toString()));
    this.exitCode = once(this.process, 'close').then(([code]: unknown[]) => code);
    onTestFinished(async () => {
      this.process.kill('SIGKILL');
      await this.exitCode;
    });
  }

  logs(name: string): Promise<JsonObject> {
    return until(name, () => this.lines.find(({ msg }) => msg === name));
  }

  /** Offers calls. Returns how many are taken. */
  async takes(...callSids: readonly string[]): Promise<number> {
    let taken = 0;
    for (const callSid of callSids) taken += (await this.asked(callSid)).includes('<Stream') ? 1 : 0;
    return taken;
  }

  /** Asks about a new call. Returns the answer. */
  async asked(callSid: string, path = '/twilio/voice'): Promise<string> {
    const { port } = await this.logs('listening');
    const form = callForm({ CallSid: `CA${callSid.padStart(32, '0')}` });
    return (await post(`http://127.0.0.1:${String(port)}`, path, form)).text;
  }
}

test('PostgreSQL is there for a fleet of processes', ({ skip }) => {
  if (isMissing) skip(noDatabase);
  expect(isMissing).toBe(false);
});

test.skipIf(isMissing)(
  'processes at one database share the limit, and the calls of one that is stopped are fetched',
  async (context) => {
    const database = await new PostgresScene(context).address();
    const first = new LocalProcess(context, database, 'a');
    await first.logs('listening');
    const second = new LocalProcess(context, database, 'b');
    await second.logs('listening');
    // It gets slots when the first one has given them back.
    await until('a slot', async () => (await second.takes('b1')) === 1);
    const taken = await first.takes('a1', 'a2', 'a3', 'a4');
    expect([1, 2, 3]).toContain(taken);
    const third = new LocalProcess(context, database, 'a');
    expect(await third.exitCode).toBe(1);
    expect(third.errors).toContain('Another process runs with INSTANCE=a');

    first.process.kill('SIGSTOP');
    expect(await second.logs('processFallen')).toMatchObject({ fallen: 'a' });
    await second.logs('callFetched');
    first.process.kill('SIGCONT');
    await first.logs('stoodStill');
    await first.logs('leaseLost');
  },
);

test.skipIf(isMissing)('a process that has all the calls that it takes sends the next one on', async (context) => {
  const database = await new PostgresScene(context).address();
  const [first, second] = ['a', 'b'].map(
    (name) => new LocalProcess(context, database, name, { CALLS_PER_PROCESS: '2' }),
  );
  if (first === undefined || second === undefined) throw new RangeError('no process');
  await second.logs('listening');
  expect(await first.takes('a1', 'a2')).toBe(2);
  const path = await until('it is sent on', async () => /(\/i\/b\/[^#]+)#/.exec(await first.asked('a3'))?.[1]);
  expect(path).toBe('/i/b/twilio/voice?sent=1');
  expect(await second.asked('a3', path)).toContain('/i/b/twilio/media');
  expect(await first.logs('callSentOn')).toMatchObject({ to: 'b', why: 'full', timesSent: 1 });
});

test.skipIf(isMissing)('a process that was killed has its name again after a lease', async (context) => {
  const database = await new PostgresScene(context).address();
  const first = new LocalProcess(context, database, 'a');
  await first.logs('listening');
  first.process.kill('SIGKILL');
  await first.exitCode;
  const second = new LocalProcess(context, database, 'a');
  await second.logs('listening');
  second.process.kill('SIGTERM');
  expect(await second.exitCode).toBe(0);
  const third = new LocalProcess(context, database, 'a');
  await third.logs('listening');
});
