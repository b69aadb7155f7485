import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readWav, writeWav } from '../../src/audio/wav.ts';
import { readCallerAudio } from '../../src/cli/call/audio.ts';
import { callTarget } from '../../src/cli/call/target.ts';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';
import { environment, fallback, publicUrl, ServiceScene } from '../e2e/service-scene.ts';
import { callCommand } from '../../src/cli/call.ts';
import { inspectCommand } from '../../src/cli/inspect.ts';
import { openJournal } from '../../src/store/sqlite/open-journal.ts';
import { LogLines } from '../log-lines.ts';
import { runHere } from './run-cli.ts';
import { until } from '../until.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-call-'));
afterAll(() => rmSync(folder, { recursive: true }));

const beeps = { turns: [{ steps: [{ say: 'beep' }] }, { steps: [{ say: 'beep' }] }], setupMs: 0, latencyMs: 0 };

test.concurrent('the call is signed for the public address, the file is spoken and answered, and both are kept', async (context) => {
  const env = { JOURNAL_FILE: join(folder, 'journal.sqlite') };
  const journal = openJournal({ file: env.JOURNAL_FILE, log: new LogLines().logger });
  const scene = await ServiceScene.open(context, { model: { script: beeps }, parts: { journal } });
  const settings = { ...environment(scene.model.url), ...env };
  const { code, out, err } = await run(['--audio', wav('spoken.wav', 8000), '--url', scene.url], settings);
  expect(err).toBe('');
  expect(code).toBe(0);
  expect(out).toMatch(/begins to play sound[\s\S]*begins to play sound/);
  expect(out).toContain('the call is over (callerHungUp)');
  const [path = ''] = out.match(/(?<=^Listen to it: )out\/CA\w+\/call\.wav(?= \()/m) ?? [];
  const [callSid = ''] = out.match(/(?<=^Read what was said.*: npm run inspect -- )CA\w+$/m) ?? [];
  await new Promise((resolve) => journal.settled(callSid, resolve, 20_000));
  expect(await runHere(inspectCommand, [callSid], { settings })).toMatchObject({
    code: 0,
    out: expect.stringContaining('"Beep."'),
  });
  const kept = readWav(readFileSync(join(folder, path)));
  expect(kept).toMatchObject({ sampleRateHz: 8000, channels: 2 });
  const samples = new Int16Array(kept.data.slice().buffer);
  for (const channel of [0, 1]) expect(samples.some((sample, at) => at % 2 === channel && sample > 4000)).toBe(true);
});

test.concurrent('a Parley with another token refuses the call, which is said', async (context) => {
  const scene = await ServiceScene.open(context);
  const settings = { ...environment(scene.model.url), TWILIO_AUTH_TOKEN: 'another-token' };
  const { code, out, err } = await run(['--audio', wav('refused.wav', 8000), '--url', scene.url], settings);
  // No journal is kept in which the call could be looked up.
  expect(out).not.toContain('npm run inspect');
  expect(err).toContain('did not take the signature');
  expect(code).toBe(1);
});

test.concurrent('a caller who hears only the apology was not answered', async (context) => {
  const env = { FALLBACK_DESTINATION: '', MODEL_SETUP_MS: '500', MODEL_OUTAGE_MS: '1000' };
  const scene = await ServiceScene.open(context, { modelUrl: 'http://127.0.0.1:1', env });
  const settings = environment(scene.model.url);
  const { code, out, err } = await run(['--audio', wav('apology.wav', 8000), '--url', scene.url], settings);
  expect(out).toContain('says "Sorry."');
  expect([code, err]).toEqual([1, '\nParley had "Sorry." said instead of an answer. The log of Parley says more.\n']);
});

test.concurrent('a wrong option is told with those that there are', async () => {
  const { code, err } = await run(['--file', 'hello.wav'], {});
  expect(code).toBe(2);
  expect(err).toMatch(/^Unknown option '--file'.*\nUsage: npm run call -- --audio/);
});

test.concurrent('a number that is none is named', async () => {
  const { code, err } = await run(['--audio', wav('named.wav', 8000), '--to', 'sales'], {});
  expect([code, err]).toEqual([2, '--to wants a number with its country, such as +15550199, and not "sales".\n']);
});

test.for([
  ['with the busy tone', '', 'the call is over (rejected)', 'refused the call with the busy tone'],
  ['by the fallback', fallback, 'rings', `refused the call and had ${fallback} dialled`],
] as const)('a call that is refused %s is said to be', async ([, number, told, problem], context) => {
  const scene = await ServiceScene.open(context, { env: { FALLBACK_DESTINATION: number, MAX_CONCURRENT_CALLS: '1' } });
  scene.call();
  await until('a call that takes the only place', () => scene.log.named('callReceived').length === 1);
  const settings = environment(scene.model.url);
  const { code, out, err } = await run(['--audio', wav('busy.wav', 8000), '--url', scene.url], settings);
  expect(out).toContain(told);
  expect(err).toBe(`\nParley ${problem}: it is full or draining. Its log says which.\n`);
  expect(code).toBe(1);
});

test.concurrent('nothing that listens is one line, and status 1', async () => {
  const { code, out, err } = await run(['--audio', wav('alone.wav', 8000), '--url', 'http://127.0.0.1:1']);
  expect(err).toBe('Nothing listens at http://127.0.0.1:1. Start Parley with: PORT=1 npm start\n');
  expect([code, out]).toEqual([1, '']);
});

test.concurrent('a file that cannot be used is one line, and status 2', async () => {
  const { code, out, err } = await run(['--audio', 'missing.wav']);
  expect([code, out, err]).toEqual([2, '', 'missing.wav cannot be read: it does not exist.\n']);
});

test.for([
  ['of another rate', () => wav('wide.wav', 16_000), /16000 Hz and 1 channel.* Wanted .*8000 Hz/],
  ['of another format', () => textFile(), /Not a WAV file.* Wanted .*PCM16 or mu-law/],
  ['without sound', () => wav('empty.wav', 8000, 0), /holds no sound/],
  ['that never ends', () => wav('long.wav', 8000, 301), /longer than 300 s/],
] as const)('a file %s is refused in one line that says what is wanted', ([, path, line]) => {
  expect(() => readCallerAudio(path(), mulawCodec)).toThrow(line);
});

test('a call goes to this machine only, under the address by which Parley knows itself', () => {
  const local = { HOST: '0.0.0.0', TWILIO_AUTH_TOKEN: '', PORT: '9000' };
  expect(callTarget(local)).toMatchObject({
    program: 'Parley',
    origin: 'http://127.0.0.1:9000',
    voiceUrl: 'http://0.0.0.0:9000/twilio/voice',
    statusUrl: 'http://0.0.0.0:9000/twilio/status',
    authToken: null,
  });
  expect(callTarget(local, 'http://localhost:8081/')).toMatchObject({
    origin: 'http://localhost:8081',
    voiceUrl: 'http://0.0.0.0:8081/twilio/voice',
  });
  const known = environment('http://127.0.0.1:1');
  expect(callTarget(known, 'http://[::1]:9000')).toMatchObject({
    origin: 'http://[::1]:9000',
    voiceUrl: `${publicUrl}/twilio/voice`,
    authToken: known.TWILIO_AUTH_TOKEN,
  });
  for (const url of [
    'https://voice.example.com',
    'http://10.0.0.7:8080',
    'https://127.0.0.1:8080',
    'ftp://localhost',
    '8080',
  ])
    expect(() => callTarget(local, url)).toThrow('is not on this machine');
});

test('a path names the voice webhook of another bridge, of which nothing else is known and no key is asked', () => {
  const settings = { PUBLIC_URL: 'https://voice.example.com', TWILIO_AUTH_TOKEN: 'token', GEMINI_MODEL: '' };
  expect(callTarget({ PORT: '9000' }, 'http://127.0.0.1:7860/voice?agent=1')).toEqual({
    program: 'The bridge',
    origin: 'http://127.0.0.1:7860',
    voiceUrl: 'http://127.0.0.1:7860/voice?agent=1',
    statusUrl: null,
    authToken: null,
    accountSid: `AC${'0'.repeat(32)}`,
    startCommand: null,
  });
  expect(callTarget(settings, 'http://127.0.0.1:7860/voice')).toMatchObject({
    voiceUrl: 'https://voice.example.com/voice',
    authToken: 'token',
  });
  expect(() => callTarget({ PORT: 'many' })).toThrow(/PORT/);
});

/** A tone that counts as speech. */
function wav(name: string, sampleRateHz: number, seconds = 0.3): string {
  const samples = new Int16Array(sampleRateHz * seconds).map((_, at) => (at % 20 < 10 ? 8000 : -8000));
  const path = join(folder, name);
  writeFileSync(path, writeWav({ sampleRateHz, channels: 1, samples }));
  return path;
}

function textFile(): string {
  const path = join(folder, 'notes.txt');
  writeFileSync(path, 'These words are no sound at all.');
  return path;
}

/** Runs the command with nothing but these settings in its environment. */
function run(args: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  return runHere(callCommand, args, { settings, folder });
}
