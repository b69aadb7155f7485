import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, test, type TestContext } from 'vitest';
import { isJsonObject, type JsonObject, parseJson } from '../../../src/encoding/json.ts';
import { startModelServer } from '../../../src/sim/model/hosts/server.ts';
import { isReady, RoutingProxy } from '../../../dev/fleet/routing-proxy.ts';
import { compileCache } from '../../compile-cache.ts';
import { PostgresScene } from '../../store/postgres/postgres-scene.ts';
import { noDatabase, testDatabase } from '../../test-database.ts';
import { toneClip } from '../../tone.ts';
import { until } from '../../until.ts';
import { call, environment, geminiKey, greetsOnly } from '../service-scene.ts';

const isMissing = (await testDatabase()) === null;

const deploys = 5;
const calls = 4;

test('PostgreSQL is there for deploys', ({ skip }) => {
  if (isMissing) skip(noDatabase);
  expect(isMissing).toBe(false);
});

test.skipIf(isMissing)(
  'five deploys cut off no call and fail no webhook, and nobody is greeted twice',
  { timeout: 300_000 },
  async (context) => {
    const clips = new Map([['beep', toneClip(600, 400, 'Beep.')]]);
    const model = await startModelServer({ script: greetsOnly, clips, apiKey: geminiKey });
    context.onTestFinished(() => model.close());
    const settings = {
      ...environment(model.url),
      DATABASE_URL: await new PostgresScene(context).address(),
      MAX_CONCURRENT_CALLS: '40',
      DRAIN_SECONDS: '60',
    };
    const proxy = new RoutingProxy();
    context.onTestFinished(() => proxy.close());
    const target = await proxy.listen();
    const lines: JsonObject[] = [];
    const named = (event: string): readonly JsonObject[] => lines.filter(({ msg }) => msg === event);
    const start = async (instance: string): Promise<FleetProcess> => {
      const started = new FleetProcess(context, { ...settings, INSTANCE: instance }, lines);
      proxy.ports.set(instance, await started.port());
      return started;
    };
    const running = [await start('a'), await start('b')];
    const phones = Array.from({ length: calls }, () => call(target));
    await until('greetings', () => named('transcript').length >= calls);
    for (let deploy = 0; deploy < deploys; deploy += 1) {
      const next = await start(`n${deploy}`);
      const [old] = running.splice(0, 1, next);
      running.push(...running.splice(0, 1));
      old?.end();
      expect(await old?.exitCode).toBe(0);
      await until('room', async () => (await Promise.all(running.map((one) => one.isReady()))).every(Boolean));
      phones.push(call(target));
      await until('the new call', () => named('transcript').length >= phones.length);
    }
    for (const phone of phones) phone.hangUp();
    const ended = await Promise.all(phones.map((phone) => phone.ended));
    expect(ended.map(({ endReason }) => endReason)).toEqual(phones.map(() => 'callerHungUp'));
    expect(proxy.statuses.filter((status) => status >= 300)).toEqual([]);
    expect(named('stopped').map(({ cutOff }) => cutOff)).toEqual(Array<number>(deploys).fill(0));
    expect(named('restored').length).toBeGreaterThanOrEqual(calls);
    // Each agent has said its greeting once, and nothing of the deploys.
    expect(named('transcript')).toHaveLength(phones.length);
  },
);

/** One process of a fleet, as `npm start` runs it. */
class FleetProcess {
  readonly exitCode: Promise<unknown>;
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  readonly #own: JsonObject[] = [];

  /** Its lines are added to `lines`. */
  constructor({ onTestFinished }: TestContext, settings: Readonly<Record<string, string>>, lines: JsonObject[]) {
    const main = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
    const env = { PATH: process.env['PATH'], ...compileCache, ...settings };
    this.#process = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let rest = '';
    this.#process.stdout.on('data', (data: Buffer) => {
      const parts = (rest + data.toString()).split('\n');
      rest = parts.pop() ?? '';
      const news = parts.map(parseJson).filter(isJsonObject);
      this.#own.push(...news);
      lines.push(...news);
    });
    this.exitCode = once(this.#process, 'close').then(([code]: unknown[]) => code);
    onTestFinished(async () => {
      this.#process.kill('SIGKILL');
      await this.exitCode;
    });
  }

  async port(): Promise<number> {
    return Number((await until('a port', () => this.#own.find(({ msg }) => msg === 'listening')))['port']);
  }

  async isReady(): Promise<boolean> {
    return isReady(await this.port());
  }

  end(): void {
    this.#process.kill('SIGTERM');
  }
}
