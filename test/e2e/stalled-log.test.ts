import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test, type TestContext } from 'vitest';
import { isJsonObject, type JsonObject, parseJson } from '../../src/encoding/json.ts';
import { startModelServer } from '../../src/sim/model/hosts/server.ts';
import { compileCache } from '../compile-cache.ts';
import { Pipe } from '../pipe.ts';
import { toneClip } from '../tone.ts';
import { RawStream } from '../twilio/twilio-client.ts';
import { until } from '../until.ts';
import { call, environment, geminiKey, greetsOnly } from './service-scene.ts';

const requests = 2_000;
const upgrades = 100;

/** What a flood may leave in the log, with one whole call at level trace. */
const logBytesMax = 20_000;

test('a flood of refused requests harms no call and leaves little in the log, although nobody reads the log meanwhile', async (context) => {
  const parley = await run(context);
  parley.pipe.fill();
  const phone = parley.call();
  await parley.hearsTheCaller();
  await flood(parley.url);
  await parley.hearsTheCaller();
  phone.hangUp();
  expect((await phone.ended).endReason).toBe('callerHungUp');

  await until('what had waited', () => parley.lines().some(({ msg }) => msg === 'callEnded'));
  parley.stop();
  await until('the last line', () => parley.lines().at(-1)?.msg === 'stopped');
  expect(await parley.exitCode).toBe(0);
  // Without what filled the pipe.
  const text = parley.text().replaceAll(/\n+/g, '\n');
  expect(text.length).toBeLessThan(logBytesMax);
  expect(text).not.toContain('logLinesLost');
  const times = parley.lines().map(({ time }) => String(time));
  expect(times).toEqual(times.toSorted());
  expect(refused(parley.lines())).toBe(requests + upgrades);
});

test.for([
  ['stalls', (pipe: Pipe) => pipe.fill()],
  ['is gone', (pipe: Pipe) => pipe.stopReading()],
] as const)(
  'a call goes on and the process ends with 0 when the reader of the log %s',
  async ([, trouble], context) => {
    const parley = await run(context);
    trouble(parley.pipe);
    const phone = parley.call();
    await parley.hearsTheCaller();
    phone.hangUp();
    expect((await phone.ended).endReason).toBe('callerHungUp');
    parley.stop();
    expect(await parley.exitCode).toBe(0);
  },
);

/** How many refusals the log tells of, one by one or in sum. */
function refused(lines: readonly JsonObject[]): number {
  const single = lines.filter(({ msg }) => typeof msg === 'string' && msg.endsWith('Refused') && msg !== 'moreRefused');
  const counts = lines.filter(({ msg }) => msg === 'moreRefused').flatMap((line) => Object.values(Object(line.counts)));
  return counts.reduce<number>((sum, count) => sum + Number(count), single.length);
}

/** Requests that nobody has signed, some at a time: forms with long names, forms without an end, packed ones, and upgrades. */
async function flood(url: string): Promise<void> {
  const type = 'application/x-www-form-urlencoded';
  const kinds: readonly RequestInit[] = [
    { headers: { 'content-type': type }, body: `${'\u0001'.repeat(5_000)}=1` },
    { headers: { 'content-type': type }, body: 'a=1&'.repeat(300) },
    { headers: { 'content-type': type, 'content-encoding': 'gzip' }, body: gzipSync('\u0001'.repeat(60_000)) },
  ];
  let sent = 0;
  const sender = async (): Promise<void> => {
    while (sent < requests) {
      const kind = kinds[sent % kinds.length];
      sent += 1;
      const response = await fetch(`${url}/twilio/voice`, { method: 'POST', ...kind });
      await response.text();
    }
  };
  await Promise.all(Array.from({ length: 10 }, sender));
  for (let tried = 0; tried < upgrades; tried += 1) {
    await expect(RawStream.open(url, '/twilio/media', '')).rejects.toThrow('403');
  }
}

/** Runs the program with a pipe as its standard output, which is read when a test asks. It is killed when the test is over. */
async function run(context: TestContext) {
  const clips = new Map([['beep', toneClip(600, 400, 'Beep.')]]);
  const model = await startModelServer({ script: greetsOnly, clips, apiKey: geminiKey });
  const pipe = Pipe.open(context);
  const file = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  const child = spawn(process.execPath, [file], {
    env: { ...compileCache, ...environment(model.url) },
    stdio: ['ignore', pipe.end('blocks'), 'ignore'],
  });
  const exitCode = once(child, 'close').then(([code]: unknown[]) => code);
  context.onTestFinished(async () => {
    child.kill('SIGKILL');
    await exitCode;
    await model.close();
  });
  let read = '';
  const text = (): string => (read += pipe.read());
  const lines = (): JsonObject[] => text().split('\n').map(parseJson).filter(isJsonObject);
  const { port } = await until('listening', () => lines().find(({ msg }) => msg === 'listening'));
  const url = `http://127.0.0.1:${String(port)}`;
  const heardBytes = (): number => model.sessions[0]?.audioReceived().length ?? 0;
  return {
    pipe,
    url,
    text,
    lines,
    exitCode,
    stop: () => child.kill('SIGTERM'),
    call() {
      const phone = call(url);
      context.onTestFinished(() => phone.hangUp());
      return phone;
    },
    async hearsTheCaller(): Promise<void> {
      const before = heardBytes();
      await until('the model hears the caller for half a second more', () => heardBytes() > before + 16_000);
    },
  };
}
