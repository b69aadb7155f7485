import { utimesSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import type { Check, Level } from '../../../src/cli/doctor/check.ts';
import { startModelServer } from '../../../src/sim/model/hosts/server.ts';
import {
  authToken,
  findingsFor,
  geminiKey,
  ownNumber,
  publicUrl,
  type Trouble,
  clips,
  wellScript,
} from './doctor-scene.ts';
import { freePort } from './tunnel.ts';
import { doctorCommand } from '../../../src/cli/doctor.ts';
import { runHere } from '../run-cli.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** A trouble, the group of checks that finds it, and the finding: level, check, text and advice. */
type Row = readonly [
  what: string,
  group: Check['group'],
  trouble: Trouble,
  level: Level,
  check: string,
  text: RegExp,
  advice: RegExp,
];

const voice = `${publicUrl}/twilio/voice`;
const retries = '#rc=5&rp=ct,rt,5xx';

const weatherTools = `
hosts: [weather.example]
tools:
  weather:
    kind: http
    description: Tells the weather.
    url: https://weather.example/
    headers: { X-Key: "\${WEATHER_KEY}" }
`;

const rows: readonly Row[] = [
  [
    'Node is too old',
    'files',
    { world: { nodeVersion: '20.20.2' } },
    'wrong',
    'Node',
    /this is 20\.20\.2, and Parley needs 24/,
    /npm ci/,
  ],
  [
    'the clock is ahead',
    'machine',
    { world: { unixMs: () => Date.now() + 600_000 } },
    'wrong',
    'clock',
    /[56]\d\d s ahead/,
    /timedatectl/,
  ],
  [
    'the clock is a little behind',
    'machine',
    { world: { unixMs: () => Date.now() - 60_000 } },
    'warning',
    'clock',
    /\d+ s behind/,
    /timedatectl/,
  ],
  [
    'there is no key',
    'files',
    { env: { GEMINI_API_KEY: '', GEMINI_BASE_URL: '' } },
    'wrong',
    'settings',
    /GEMINI_API_KEY is missing/,
    /npm run setup/,
  ],
  [
    'a number has no country',
    'files',
    { env: { TRANSFER_DESTINATIONS: 'support=(415) 555-0100' } },
    'wrong',
    'settings',
    /for "support" lacks its country/,
    /write \+14155550100/,
  ],
  [
    'a number has a foreign form',
    'files',
    { env: { FALLBACK_DESTINATION: '030 901820' } },
    'wrong',
    'settings',
    /FALLBACK_DESTINATION lacks its country/,
    /with \+ and its country/,
  ],
  ['a setting is misspelt', 'files', { env: { AGENT_PROMT: 'x' } }, 'warning', 'settings', /AGENT_PROMT/, /\.env/],
  [
    'the lookup file is not there',
    'files',
    { env: { LOOKUP_FILE: 'nowhere.csv' } },
    'wrong',
    'lookup file',
    /nowhere\.csv/,
    /LOOKUP_FILE/,
  ],
  [
    'the agents file is not there',
    'files',
    { env: { AGENTS_FILE: 'nowhere.yaml' } },
    'wrong',
    'agents',
    /AGENTS_FILE names .*nowhere\.yaml, which cannot be read: it does not exist/,
    /docs\/agents\.md/,
  ],
  [
    'the lookup file is no table',
    'files',
    { env: { LOOKUP_FILE: 'package.json' } },
    'wrong',
    'lookup file',
    /package\.json cannot be used/,
    /Correct the file/,
  ],
  [
    'the tools file is not there',
    'files',
    { env: { TOOLS_FILE: 'nowhere.yaml' } },
    'wrong',
    'tools',
    /TOOLS_FILE names .*nowhere\.yaml, which cannot be read: it does not exist/,
    /docs\/tools\.md/,
  ],
  [
    'the prompt was cut',
    'files',
    { env: { AGENT_PROMPT: 'You are' } },
    'warning',
    'prompt',
    /short \(7 characters.*"You are"/,
    /AGENT_PROMPT_FILE/,
  ],
  [
    'the prompt is endless',
    'files',
    { env: { AGENT_PROMPT: 'word '.repeat(5000) } },
    'warning',
    'prompt',
    /long \(24999 characters, about 8333 tokens\)/,
    /LOOKUP_FILE/,
  ],
  [
    'nobody takes the calls that fail',
    'files',
    { env: { FALLBACK_DESTINATION: '' } },
    'warning',
    'fallback',
    /apology and a goodbye/,
    /FALLBACK_DESTINATION/,
  ],
  [
    'the journal cannot be written',
    'files',
    { env: { JOURNAL_FILE: 'package.json/journal.sqlite' } },
    'wrong',
    'journal',
    /cannot be written/,
    /chown/,
  ],
  [
    'the journal is no file',
    'files',
    { env: { JOURNAL_FILE: '/dev/null' } },
    'wrong',
    'journal',
    /is not a file/,
    /JOURNAL_FILE/,
  ],
  [
    'the journal is another file',
    'files',
    { env: { JOURNAL_FILE: 'package.json' } },
    'wrong',
    'settings',
    /JOURNAL_FILE names \/.*\/package\.json, which is no journal but another file/,
    /\.env/,
  ],
  [
    'the database cannot be reached',
    'files',
    { env: { DATABASE_URL: 'postgres://a:hidden@127.0.0.1:1/parley' } },
    'wrong',
    'database',
    /cannot be reached \(ECONNREFUSED\)/,
    /DATABASE_URL/,
  ],

  [
    'the port is another one at each start',
    'address',
    { env: { PORT: '0' } },
    'wrong',
    'port',
    /PORT is 0/,
    /such as 8080/,
  ],
  [
    'there is no public address',
    'address',
    { env: { PUBLIC_URL: '', TWILIO_AUTH_TOKEN: '' } },
    'wrong',
    'public address',
    /PUBLIC_URL is not set/,
    /cloudflared tunnel/,
  ],
  [
    'the public address is local',
    'address',
    { env: { PUBLIC_URL: 'http://localhost:8080' } },
    'wrong',
    'public address',
    /to its own machine/,
    /cloudflared tunnel/,
  ],
  [
    'the tunnel is down',
    'address',
    { world: { route: () => 'http://127.0.0.1:9' } },
    'wrong',
    'address over HTTP',
    /cannot be reached: (ECONNREFUSED|the connection broke)/,
    /Start the tunnel/,
  ],
  [
    'the tunnel leads nowhere',
    'address',
    { tunnel: { answers: { status: 502 } } },
    'wrong',
    'address over HTTP',
    /answers with 502/,
    /Let it lead to port \d+/,
  ],
  [
    'another program is behind the tunnel',
    'address',
    { tunnel: { answers: { status: 200, body: '<html>' } } },
    'wrong',
    'address over HTTP',
    /answers with 200, and not from this process/,
    /Is another program behind it/,
  ],
  [
    'another Parley is behind the tunnel',
    'address',
    { tunnel: { answers: { status: 200, body: 'x'.repeat(43) } } },
    'wrong',
    'address over HTTP',
    /leads to another Parley/,
    /PUBLIC_URL/,
  ],
  [
    'the address redirects',
    'address',
    { tunnel: { answers: { status: 301, location: 'https://www.orderdesk.dev' } } },
    'wrong',
    'address over HTTP',
    /redirects \(301\)/,
    /to which it redirects/,
  ],
  [
    'a password stands in front',
    'address',
    { tunnel: { answers: { status: 401 } } },
    'wrong',
    'address over HTTP',
    /asks who we are \(401\)/,
    /Switch its password/,
  ],
  [
    'WebSockets do not come through',
    'address',
    { tunnel: { refusesUpgrades: true } },
    'wrong',
    'address over WebSocket',
    /did not open: .*400/,
    /Switch WebSockets on/,
  ],
  [
    'the signature is dropped on the way',
    'address',
    { tunnel: { dropsHeader: 'x-twilio-signature' } },
    'wrong',
    'signatures',
    /right signature was refused \(403\)/,
    /X-Twilio-Signature/,
  ],
  [
    'somebody else takes the webhooks',
    'address',
    { tunnel: { takesWebhooks: 204 } },
    'wrong',
    'signatures',
    /wrong signature was taken/,
    /TWILIO_AUTH_TOKEN/,
  ],
  [
    'the service runs with another token',
    'address',
    { service: { TWILIO_AUTH_TOKEN: '1a5e83d06a9b1f27c4a0d35e8897c2b1' } },
    'wrong',
    'signatures',
    /refused \(403\)/,
    /Start Parley again/,
  ],
  [
    'the service runs with another address',
    'address',
    { service: { PUBLIC_URL: 'https://old.example' } },
    'wrong',
    'signatures',
    /refused \(403\)/,
    /Start Parley again/,
  ],

  [
    'the token is wrong',
    'twilio',
    { env: { TWILIO_AUTH_TOKEN: '0a5e83d06a9b1f27c4a0d35e8897c2b1' } },
    'wrong',
    'Twilio account',
    /does not take TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN \(401, 20003\)/,
    /console\.twilio\.com/,
  ],
  [
    'the account is suspended',
    'twilio',
    { account: { status: 'suspended' } },
    'wrong',
    'Twilio account',
    /account is suspended/,
    /console\.twilio\.com/,
  ],
  ['the account is a trial', 'twilio', { account: { type: 'Trial' } }, 'warning', 'Twilio account', /trial/, /Upgrade/],
  [
    'the token is the secondary one',
    'twilio',
    { account: { primaryToken: '2a5e83d06a9b1f27c4a0d35e8897c2b1' } },
    'wrong',
    'Twilio account',
    /not the primary token/,
    /Copy the primary token/,
  ],
  [
    'the API key is wrong',
    'twilio',
    { env: { TWILIO_API_KEY_SID: 'SK5e83d06a9b1f27c4a0d35e8897c2b146', TWILIO_API_KEY_SECRET: 'x' } },
    'wrong',
    'Twilio account',
    /TWILIO_API_KEY_SECRET \(401/,
    /API key of this account/,
  ],
  [
    'the account is not named',
    'twilio',
    { env: { TWILIO_ACCOUNT_SID: '' } },
    'warning',
    'Twilio account',
    /TWILIO_ACCOUNT_SID is not set/,
    /Account Info/,
  ],
  [
    'Twilio has a bad day',
    'twilio',
    { account: { faultOf: () => 'unavailable' } },
    'wrong',
    'Twilio account',
    /could not be asked \(503, 20503\)/,
    /status\.twilio\.com/,
  ],
  [
    'Twilio has too much to do',
    'twilio',
    { account: { faultOf: () => 'overloaded' } },
    'wrong',
    'Twilio account',
    /too many requests \(429, 20429\)/,
    /Wait a minute/,
  ],
  [
    'Twilio never answers',
    'twilio',
    { account: { faultOf: () => 'silent' }, world: { msMax: 1500 } },
    'wrong',
    'Twilio account',
    /did not finish within 1\.\d s/,
    /network/,
  ],
  ['the account has no number', 'twilio', { account: { numbers: [] } }, 'wrong', 'number', /has no number/, /Buy one/],
  [
    'the number leads elsewhere',
    'twilio',
    { number: { voiceUrl: 'https://demo.twilio.com/welcome/voice/' } },
    'wrong',
    'number',
    /no number leads to .*\+15005550001 asks https:\/\/demo\.twilio\.com/,
    /Set "A call comes in" to https:\/\/calls\.orderdesk\.dev\/twilio\/voice#rc=5&rp=ct,rt,5xx/,
  ],
  [
    'the number leads to an old tunnel',
    'twilio',
    { number: { voiceUrl: `https://old.example/twilio/voice${retries}` } },
    'wrong',
    'number',
    /asks https:\/\/old\.example/,
    /npm run setup/,
  ],
  [
    'the number leads to another path',
    'twilio',
    { number: { voiceUrl: `${publicUrl}/voice${retries}` } },
    'wrong',
    'number',
    /asks the path \/voice/,
    /method POST/,
  ],
  [
    'the number asks by GET',
    'twilio',
    { number: { voiceMethod: 'GET' } },
    'warning',
    'number',
    /asks by GET/,
    /method POST/,
  ],
  [
    'the number belongs to an app',
    'twilio',
    { number: { voiceApplicationSid: `AP${'1'.repeat(32)}` } },
    'wrong',
    'number',
    /TwiML app/,
    /A call comes in/,
  ],
  [
    'the number belongs to a trunk',
    'twilio',
    { number: { trunkSid: `TK${'1'.repeat(32)}` } },
    'wrong',
    'number',
    /SIP trunk/,
    /A call comes in/,
  ],
  [
    'the number takes messages only',
    'twilio',
    { number: { takesCalls: false } },
    'wrong',
    'number',
    /takes no calls/,
    /A call comes in/,
  ],
  [
    'the number does not try again',
    'twilio',
    { number: { voiceUrl: voice } },
    'warning',
    'number',
    /gives up early/,
    /#rc=5/,
  ],
  [
    'the retry policy is misspelt',
    'twilio',
    { number: { voiceUrl: `${voice}#rc=5&rp=ct,500` } },
    'wrong',
    'number',
    /retry policy "500"/,
    /rp=ct,rt,5xx/,
  ],
  [
    'the number has no fallback',
    'twilio',
    { number: { voiceFallbackUrl: '' } },
    'warning',
    'number',
    /no fallback URL/,
    /Primary handler fails/,
  ],
  [
    'the number falls back to Parley',
    'twilio',
    { number: { voiceFallbackUrl: voice } },
    'warning',
    'number',
    /at Parley itself/,
    /TwiML Bin/,
  ],
  [
    'the number has no status callback',
    'twilio',
    { number: { statusCallback: '' } },
    'warning',
    'number',
    /no status callback/,
    /Call status changes" to \S+#rc=5&rp=ct,rt,5xx,/,
  ],
  [
    'the status callback goes elsewhere',
    'twilio',
    { number: { statusCallback: 'https://old.example/twilio/status' } },
    'wrong',
    'number',
    /goes to https:\/\/old\.example/,
    /calls\.orderdesk\.dev\/twilio\/status/,
  ],
  [
    'the status callback comes by GET',
    'twilio',
    { number: { statusCallbackMethod: 'GET' } },
    'wrong',
    'number',
    /comes by GET/,
    /method POST/,
  ],
  [
    'a caller id is not ours',
    'twilio',
    { env: { TRANSFER_DESTINATIONS: '{"support":{"to":"+493023125001","caller_id":"+4312345678"}}' } },
    'warning',
    'number',
    /caller_id of support is no number of this Twilio account/,
    /verify it/,
  ],
  [
    'transfers come back to the agent',
    'twilio',
    { env: { TRANSFER_DESTINATIONS: `support=${ownNumber}` } },
    'warning',
    'number',
    /support is a number of this Twilio account/,
    /a person answers/,
  ],
];

test.concurrent('a service that runs is asked itself', async (context) => {
  const { findings } = await findingsFor(context, { service: {}, wants: ({ group }) => group === 'address' });
  expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
  expect(findings.find(({ check }) => check === 'port')?.text).toMatch(/a Parley listens/);
});

test.concurrent.for([
  ['after', 60, 'warning', /was started before .*parley\.env was changed, and does not know the change\.$/],
  ['before', -86_400, 'ok', /a Parley listens/],
] as const)(
  'a service whose settings were changed %s its start is told of',
  async ([, laterSeconds, level, text], context) => {
    if (process.platform !== 'linux') return context.skip();
    const file = join(temporaryFolder(context, { 'parley.env': 'AGENT_VOICE=Puck' }), 'parley.env');
    const changedSeconds = Date.now() / 1000 + laterSeconds;
    utimesSync(file, changedSeconds, changedSeconds);
    const { findings } = await findingsFor(context, {
      env: { PARLEY_ENV_FILE: file },
      service: {},
      wants: ({ name }) => name === 'port',
    });
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'port', level, text: expect.stringMatching(text) }),
    );
  },
);

test.concurrent('when the time is up, what has not finished is named, and so is what was not begun', async (context) => {
  const unfinished = expect.stringMatching(
    /^(did not finish within 0\.\d s|was not begun, because the time was up)\.$/,
  );
  const { findings } = await findingsFor(context, {
    world: { msMax: 500 },
    account: { faultOf: () => 'silent' },
    model: { script: { turns: [], setupMs: 'never' } },
    wants: ({ group }) => group === 'twilio' || group === 'model',
  });
  expect(findings.filter(({ level }) => level === 'wrong')).toMatchObject([
    { check: 'Twilio account', text: unfinished },
    { check: 'key and model', text: unfinished },
    { check: 'fallback model', text: 'was not begun, because the time was up.' },
  ]);
});

describe.concurrent('what is wrong is found, with what mends it:', () => {
  test.for(rows)('%s', async ([, group, trouble, level, check, text, advice], context) => {
    // A lookup file is read by a process, whose start takes a second: only who asks about the file has one.
    const env = { ...(group === 'files' && { LOOKUP_FILE: '' }), ...trouble.env };
    const { findings } = await findingsFor(context, { wants: (one) => one.group === group, ...trouble, env });
    const expected = { check, level, text: expect.stringMatching(text), advice: expect.stringMatching(advice) };
    expect(findings).toContainEqual(expected);
    // The settings have doubts of their own about some of these.
    const others = findings.filter((one) => one.check !== 'settings' || check === 'settings');
    for (const one of ['wrong', 'warning'])
      expect(others.filter((other) => other.level === one)).toHaveLength(level === one ? 1 : 0);
    for (const secret of [authToken, geminiKey]) expect(JSON.stringify(findings)).not.toContain(secret);
  });

  test('another program has the port', async (context) => {
    const port = await strangerPort(context);
    const { findings } = await findingsFor(context, {
      env: { PORT: String(port) },
      wants: ({ group }) => group === 'address',
    });
    expect(findings).toContainEqual({
      check: 'port',
      level: 'wrong',
      text: `another program listens on port ${port}.`,
      advice: expect.stringContaining(`lsof -i :${port}`),
    });
  });
});

test('a right set-up raises no alarm, in time, and the doctor listens in place of the service', async (context) => {
  const { findings, model } = await findingsFor(context);
  expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
  expect(findings.find(({ check }) => check === 'port')?.text).toMatch(/the doctor listens there/);
  expect(model.sessions.flatMap(({ violations }) => violations)).toEqual([]);
  expect(model.sessions).toHaveLength(2);
  const audio = model.sessions[0]?.audioReceived().length ?? 0;
  expect(audio).toBeGreaterThan(4 * 32_000);
  for (const secret of [authToken, geminiKey]) expect(JSON.stringify(findings)).not.toContain(secret);
});

test('the primary token may be the second of two, while tokens are rotated', async (context) => {
  const primaryToken = '2a5e83d06a9b1f27c4a0d35e8897c2b1';
  const { findings } = await findingsFor(context, {
    account: { primaryToken },
    env: { TWILIO_SECONDARY_AUTH_TOKEN: primaryToken },
    wants: ({ group }) => group === 'twilio',
  });
  expect(findings.filter(({ level }) => level === 'wrong')).toEqual([]);
});

describe('npm run doctor', () => {
  test('without a network tells what it can, as JSON, and ends with 1 when something is wrong', async () => {
    const { code, out } = await doctor(['--offline', '--json'], { PORT: String(await freePort()) });
    expect(code).toBe(1);
    const { ok, findings } = JSON.parse(out);
    expect(ok).toBe(false);
    expect(findings).toContainEqual(expect.objectContaining({ check: 'public address', level: 'wrong' }));
  });

  test('ends with 0 when nothing is wrong, and says so', async () => {
    const { code, out } = await doctor(['--offline'], {
      PORT: String(await freePort()),
      PUBLIC_URL: publicUrl,
      TWILIO_AUTH_TOKEN: authToken,
      GEMINI_API_KEY: geminiKey,
    });
    expect([code, out]).toEqual([0, expect.stringMatching(/^Nothing is wrong\. \d+ warning/m)]);
  });

  test('gives a tools file what stands in its own environment', async (context) => {
    const folder = temporaryFolder(context, { 'tools.yaml': weatherTools });
    const settings = {
      PORT: String(await freePort()),
      TOOLS_FILE: join(folder, 'tools.yaml'),
      WEATHER_KEY: 'sunny-5e83d06a',
    };
    const { out } = await doctor(['--offline'], settings);
    expect(out).toMatch(/^ok +tools: the agent has .*weather/m);
  });

  test('with --model alone asks the model and nothing else, and ends with 0', async ({ onTestFinished }) => {
    const model = await startModelServer({ script: wellScript, clips, apiKey: geminiKey });
    onTestFinished(() => model.close());
    const settings = { GEMINI_API_KEY: geminiKey, GEMINI_BASE_URL: model.url, LOOKUP_FILE: 'fixtures/data/orders.csv' };
    const { code, out, err } = await doctor(['--model'], settings);
    expect([code, err]).toEqual([0, '']);
    expect(out.match(/^ok +(?:key and model|greeting|hearing|tool call|resumption): /gm)).toHaveLength(5);
    expect(out).not.toMatch(/ port: | number: /);
    expect(model.sessions.flatMap(({ violations }) => violations)).toEqual([]);
  });

  test('with --model and a wrong key ends with 1, and shows no key', async ({ onTestFinished }) => {
    const model = await startModelServer({ script: wellScript, clips, apiKey: geminiKey });
    onTestFinished(() => model.close());
    const settings = { GEMINI_API_KEY: 'wrong-key', GEMINI_BASE_URL: model.url, MODEL_SETUP_MS: '5000' };
    const { code, out, err } = await doctor(['--model'], settings);
    expect([code, err]).toEqual([1, '']);
    expect(out).toMatch(/^WRONG +key and model: .*1007 "API key not valid.*\n +→ Copy the key again/m);
    expect(out).not.toContain('wrong-key');
  });

  test.for([[['--frob']], [['--offline', '--model']], [['extra']]] as const)('ends with 2 for %j', async ([args]) => {
    const { code, err } = await doctor(args, {});
    expect([code, err]).toEqual([2, expect.stringContaining('Usage: npm run doctor')]);
  });
});

/** Runs the command with nothing but these settings in its environment. */
function doctor(args: readonly string[], settings: Readonly<Record<string, string>>) {
  return runHere(doctorCommand, args, { settings });
}

async function strangerPort({ onTestFinished }: TestContext): Promise<number> {
  const server = createServer((_request, response) => response.end('Hello.')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
