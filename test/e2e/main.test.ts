import { fileURLToPath } from 'node:url';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test, type TestContext } from 'vitest';
import type { CarrierNote } from '../../src/sim/carrier/carrier-events.ts';
import type { PhoneCall } from '../../src/sim/carrier/hosts/phone.ts';
import { startModelServer } from '../../src/sim/model/hosts/server.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../src/encoding/json.ts';
import { compileCache } from '../compile-cache.ts';
import { toneClip } from '../tone.ts';
import { until } from '../until.ts';
import { call, environment, fallback, geminiKey, greetsOnly } from './service-scene.ts';

const reception = '+12025550142';
const localUrl = 'https://parley.localhost';

/** A service without a key must not be public. */
const keyless = { GEMINI_API_KEY: '', GEMINI_BASE_URL: '', PUBLIC_URL: localUrl };

test.concurrent('a live call goes on after SIGTERM while new ones are refused, and the process ends with it', async (context) => {
  const parley = await run(context, { FALLBACK_DESTINATION: '' });
  const phone = parley.call();
  await parley.logs('streamStarted');
  parley.process.kill('SIGTERM');
  await parley.logs('draining');

  const refused = await parley.call().ended;
  expect(refused).toMatchObject({ endReason: 'rejected', status: 'busy' });
  expect(phone.status).toBe('in-progress');
  const heardBytes = parley.heardBytes();
  await until('the model hears the caller for half a second more', () => parley.heardBytes() > heardBytes + 16_000);
  expect(parley.process.exitCode).toBeNull();

  phone.hangUp();
  expect((await phone.ended).endReason).toBe('callerHungUp');
  expect(await parley.exitCode).toBe(0);
  expect(parley.lines.at(-1)).toMatchObject({ msg: 'stopped', cutOff: 0 });
});

// Alone, because calls get ten seconds to reach their human, and eight programs that start at once take the machine for about as long.
test('a live call is sent to its human on SIGTERM when nothing is to be waited for', async (context) => {
  const parley = await run(context, { DRAIN_SECONDS: '0' });
  const told: CarrierNote[] = [];
  parley.call({
    onNote: (note) => {
      if (note.kind === 'verb.say' || note.kind === 'dial.started') told.push(note);
    },
  });
  await parley.logs('streamStarted');
  parley.process.kill('SIGTERM');
  expect(await parley.exitCode).toBe(0);
  await until('the human is called', () => told.length === 2);
  expect(told).toMatchObject([{ text: 'Sorry.' }, { to: fallback }]);
  expect(parley.lines.at(-1)).toMatchObject({ msg: 'stopped', cutOff: 0 });
});

test.concurrent.for([
  ['an exception that nobody catches', 'uncaughtException', 'throw'],
  ['a rejection that nobody takes', 'unhandledRejection', 'void Promise.reject'],
] as const)(
  '%s leaves the live call to the next process, tells no words, and ends with status 1',
  async ([, origin, how], context) => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-'));
    context.onTestFinished(() => rmSync(folder, { recursive: true }));
    const breaks = `process.on('SIGUSR2', () => { ${how}(new RangeError('words of a caller')); });`;
    const parley = await run(context, {
      JOURNAL_FILE: join(folder, 'journal.sqlite'),
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(breaks)}`,
    });
    parley.call();
    await parley.logs('streamStarted');
    await parley.logs('journalOpened');
    parley.process.kill('SIGUSR2');
    expect(await parley.exitCode).toBe(1);
    expect(parley.lines.filter(({ level }) => level === 'error')).toMatchObject([
      {
        msg: 'serviceCrashed',
        fault: 'service.crashed',
        origin,
        err: { type: 'RangeError', stack: expect.anything() },
      },
    ]);
    expect(parley.lines.map(({ msg }) => msg)).toContain('callReleased');
    expect(parley.lines.at(-1)).toMatchObject({ msg: 'stopped' });
    expect(JSON.stringify(parley.lines)).not.toContain('words of a caller');
  },
);

test.concurrent("without a key a simulated agent works with the admin's own file and the destination of its agent", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  context.onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'bookings.csv'), 'booking,guest\nK-77,Ada Nwosu\n');
  const house = `{ default: true, destinations: { reception: "${reception}" } }`;
  writeFileSync(join(folder, 'agents.yaml'), `agents:\n  house: ${house}\n`);
  const parley = await run(context, {
    ...keyless,
    LOOKUP_FILE: join(folder, 'bookings.csv'),
    TRANSFER_DESTINATIONS: 'support=+12025550166',
    AGENTS_FILE: join(folder, 'agents.yaml'),
    RECORD_DIR: join(folder, 'calls'),
  });
  const speaksTwice = [
    { waitFor: 'agentSpeaking' },
    { pauseMs: 500 },
    { tone: { hz: 440, ms: 800 } },
    // On a busy machine the caller hears the interrupted sentence for a while.
    { waitFor: 'agentQuiet', ms: 300 },
    { waitFor: 'agentSpeaking' },
    { pauseMs: 500 },
    { tone: { hz: 440, ms: 800 } },
  ] as const;
  const { timeline } = await parley.call({
    publicUrl: `${localUrl}/twilio/voice`,
    statusCallbackUrl: `${localUrl}/twilio/status`,
    script: { steps: speaksTwice },
    dialOutcomes: { [reception]: { type: 'answered', ringMs: 50, talkMs: 100 } },
  }).ended;
  expect(timeline).toContainEqual(expect.objectContaining({ kind: 'dial.started', to: reception }));
  const record = readdirSync(join(folder, 'calls')).find((name) => name.endsWith('.jsonl')) ?? '';
  const callLog = readFileSync(join(folder, 'calls', record), 'utf8');
  expect(callLog).toContain('{"query":"K-77"}');
  expect(callLog).toContain('The guest is Ada Nwosu.');
  expect(callLog).toContain('{"destination":"reception"}');
  const cost = await parley.logs('callCost');
  expect(cost).toMatchObject({ simulated: true });
  expect(cost).not.toHaveProperty('costUsd');
  expect(warningsBeside(parley.lines)).toMatchObject([{ msg: 'simulatedModel' }]);
});

test.concurrent('without key, file and destination the start says what is simulated and what is left out', async (context) => {
  const parley = await run(context, keyless);
  const [banner]: unknown[] = await once(parley.process.stderr, 'data');
  expect(String(banner)).toMatch(/^GEMINI_API_KEY is not set, so this is a simulation: .*\n$/);
  expect(warningsBeside(parley.lines)).toMatchObject([
    { msg: 'simulatedModel' },
    {
      msg: 'scenarioTurnLeftOut',
      agent: 'simulated',
      place: 'model.turns[1].steps[0]',
      hint: expect.stringContaining('LOOKUP_FILE'),
    },
    {
      msg: 'scenarioTurnLeftOut',
      place: 'model.turns[2].steps[0]',
      hint: expect.stringContaining('TRANSFER_DESTINATIONS'),
    },
  ]);
});

test.concurrent('without a key a public address is refused, and status 1', async () => {
  const { exitCode, stderr } = await failing({ GEMINI_API_KEY: '', GEMINI_BASE_URL: '' });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^GEMINI_API_KEY is missing; .*\n$/);
});

test.concurrent('a port that is taken is one line, and status 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = String(typeof address === 'object' && address !== null ? address.port : 0);
  const { exitCode, stderr } = await failing({ PORT: port });
  other.close();
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(new RegExp(`^Cannot listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE.*\n$`));
});

test.concurrent('wrong settings are named, each in one line without the secret, and status 1', async () => {
  const { exitCode, stderr } = await failing({ PORT: 'eighty', AGENT_VOICE: 'Nobody', TWILIO_AUTH_TOKEN: 'two words' });
  expect(exitCode).toBe(1);
  const named = stderr
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  expect(new Set(named)).toEqual(new Set(['PORT', 'AGENT_VOICE', 'TWILIO_AUTH_TOKEN']));
  expect(named).toHaveLength(3);
  expect(stderr).not.toContain('two words');
});

test.concurrent('a lookup file that does not exist is named, and status 1', async () => {
  const { exitCode, stderr } = await failing({ LOOKUP_FILE: 'no/such/orders.csv' });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^.*no\/such\/orders\.csv.*ENOENT.*\n$/);
});

test.concurrent('a tools folder that does not load is named with its lines, and status 1', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  context.onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ['a.ts', 'b.ts']) writeFileSync(join(folder, name), '\nexport const tool = ;');
  const { exitCode, stderr } = await failing({ TOOLS_DIR: folder });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^.*a\.ts, line 2, cannot be loaded: .*\n.*b\.ts, line 2, cannot be loaded: .*\n$/);
});

test.concurrent('a wrong tools file is named with its lines and columns, and status 1', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  context.onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'tools.yaml');
  writeFileSync(file, 'tools:\n  end_call: { kind: google_search }\n  weather: { kind: htpp }\n');
  const { exitCode, stderr } = await failing({ TOOLS_FILE: file });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^.*tools\.yaml:2:3 tools\.end_call has .*\n.*tools\.yaml:3:14 .* did you mean http\.\n$/);
});

/** What the program warned of, beside settings that only a test has. */
function warningsBeside(lines: readonly JsonObject[]): JsonObject[] {
  return lines.filter(({ level, msg }) => level === 'warn' && msg !== 'configuration');
}

type Program = ChildProcessByStdio<null, Readable, Readable>;

/** Starts the program with nothing but these settings in its environment. */
function start(settings: Readonly<Record<string, string>>): Program {
  const file = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  return spawn(process.execPath, [file], { env: { ...compileCache, ...settings }, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs the program until it gives up. */
async function failing(changes: Readonly<Record<string, string>>) {
  const child = start({ ...environment('http://127.0.0.1:1'), ...changes });
  const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return { exitCode, stderr };
}

interface Parley {
  readonly process: Program;
  readonly lines: readonly JsonObject[];
  readonly exitCode: Promise<unknown>;
  logs(name: string): Promise<JsonObject>;
  /** Audio that the model got. */
  heardBytes(): number;
  call(options?: Parameters<typeof call>[1]): PhoneCall;
}

/** Runs the program until it listens. It is killed when the test is over. */
async function run({ onTestFinished }: TestContext, changes: Readonly<Record<string, string>>): Promise<Parley> {
  const clips = new Map([['beep', toneClip(600, 400, 'Beep.')]]);
  const model = await startModelServer({ script: greetsOnly, clips, apiKey: geminiKey });
  const child = start({ ...environment(model.url), ...changes });
  const lines: JsonObject[] = [];
  let rest = '';
  child.stdout.on('data', (data: Buffer) => {
    const parts = (rest + data.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map(parseJson).filter(isJsonObject));
  });
  const exitCode = once(child, 'close').then(([code]: unknown[]) => code);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exitCode;
    await model.close();
  });
  const logs = (name: string) => until(name, () => lines.find(({ msg }) => msg === name));
  const { port } = await logs('listening');
  const calls: PhoneCall[] = [];
  onTestFinished(async () => {
    for (const phone of calls) phone.hangUp();
    await Promise.all(calls.map(({ ended }) => ended));
  });
  return {
    process: child,
    lines,
    exitCode,
    logs,
    heardBytes: () => model.sessions[0]?.audioReceived().length ?? 0,
    call(options = {}) {
      const phone = call(`http://127.0.0.1:${String(port)}`, options);
      calls.push(phone);
      return phone;
    },
  };
}
