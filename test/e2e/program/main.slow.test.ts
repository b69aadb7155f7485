import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/encoding/json.ts';
import type { CarrierNote } from '../../../src/sim/carrier/carrier-events.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { until } from '../../until.ts';
import { fallback } from '../service-scene.ts';
import { crash, failing, runProgram } from './program.ts';

const reception = '+12025550142';
const localUrl = 'https://parley.localhost';

/** A service without a key must not be public. */
const keyless = { GEMINI_API_KEY: '', GEMINI_BASE_URL: '', PUBLIC_URL: localUrl };

// Alone, because calls get ten seconds to reach their human, and eight programs that start at once take the machine for about as long.
test('a live call is sent to its human on SIGTERM when nothing is to be waited for', async (context) => {
  const parley = await runProgram(context, { DRAIN_SECONDS: '0' });
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

test.concurrent('a rejection that nobody takes leaves the live call to the next process, as an exception does', async (context) => {
  const { lines, exitCode } = await crash(context, 'void Promise.reject');
  expect(exitCode).toBe(1);
  const errors = lines.filter(({ level }) => level === 'error');
  expect(errors).toMatchObject([{ msg: 'serviceCrashed', origin: 'unhandledRejection', err: { type: 'RangeError' } }]);
  expect(lines.map(({ msg }) => msg)).toContain('callReleased');
  expect(lines.at(-1)).toMatchObject({ msg: 'stopped' });
  expect(JSON.stringify(lines)).not.toContain('words of a caller');
});

test.concurrent("without a key a simulated agent works with the admin's own file and the destination of its agent", async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'bookings.csv'), 'booking,guest\nK-77,Ada Nwosu\n');
  const house = `{ default: true, destinations: { reception: "${reception}" } }`;
  writeFileSync(join(folder, 'agents.yaml'), `agents:\n  house: ${house}\n`);
  const parley = await runProgram(context, {
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
  const parley = await runProgram(context, { ...keyless, LOG_LEVEL: 'debug' });
  const [banner]: unknown[] = await once(parley.process.stderr, 'data');
  expect(String(banner)).toMatch(
    /^GEMINI_API_KEY is not set, so this is a simulation: .*\nWith LOOKUP_FILE the agent .*\nWith TRANSFER_DESTINATIONS the agent .*\n(?:.*\n)?npm run setup .*\n$/,
  );
  expect(warningsBeside(parley.lines)).toMatchObject([{ msg: 'simulatedModel' }]);
  expect(parley.lines.filter(({ msg }) => msg === 'scenarioTurnLeftOut')).toMatchObject([
    {
      agent: 'simulated',
      place: 'model.turns[1].steps[0]',
      hint: expect.stringContaining('LOOKUP_FILE'),
    },
    {
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
  expect(stderr).toBe(
    `Cannot listen on 127.0.0.1:${port}: something listens there already, perhaps another Parley. Stop it, or set PORT to another port.\n`,
  );
});

test.concurrent('a lookup file that does not exist is named, and status 1', async () => {
  const { exitCode, stderr } = await failing({ LOOKUP_FILE: 'no/such/orders.csv' });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^.*no\/such\/orders\.csv.*cannot be read: it does not exist.*\n$/);
});

test.concurrent('a tools folder that does not load is named with its lines, and status 1', async (context) => {
  const folder = temporaryFolder(context);
  for (const name of ['a.ts', 'b.ts']) writeFileSync(join(folder, name), '\nexport const tool = ;');
  const { exitCode, stderr } = await failing({ TOOLS_DIR: folder });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^.*a\.ts, line 2, cannot be loaded: .*\n.*b\.ts, line 2, cannot be loaded: .*\n$/);
});

test.concurrent('a wrong tools file is named with its lines and columns, and status 1', async (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'tools.yaml');
  writeFileSync(file, 'tools:\n  end_call: { kind: google_search }\n  weather: { kind: htpp }\n');
  const { exitCode, stderr } = await failing({ TOOLS_FILE: file });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^.*tools\.yaml:2:3 tools\.end_call has .*\n/);
  // What else is wrong with the entry comes as well, for the kind that was meant.
  expect(stderr).toMatch(
    /tools\.yaml:3:3 tools\.weather\.url is missing\.\n.*tools\.yaml:3:14 .* did you mean http\.\n$/,
  );
});

/** What the program warned of, beside settings that only a test has. */
function warningsBeside(lines: readonly JsonObject[]): JsonObject[] {
  return lines.filter(({ level, msg }) => level === 'warn' && msg !== 'configuration');
}
