import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load/load-config.ts';
import { readEnvFile } from '../../../src/config/env-file/read-env-file.ts';
import { accountSid, authToken, geminiKey, publicUrl, SetupScene, whole } from './setup-scene.ts';

const voiceUrl = `${publicUrl}/twilio/voice#rc=5&rp=ct,rt,5xx`;
const statusCallback = `${publicUrl}/twilio/status#rc=5&rp=ct,rt,5xx`;
const set = whole.flatMap((assignment) => ['--set', assignment]);

test.concurrent('a person is asked for what is missing, and a number leads here', async (context) => {
  const scene = await SetupScene.start(context);
  const { code, seen } = await scene.talk([
    ['GEMINI_API_KEY (not shown): ', 'sk-proj-0123456789abcdef0123'],
    ['GEMINI_API_KEY (not shown): ', 'abcde'],
    // Pasted where a yes is asked for.
    ['Take it all the same? [y/N] (not shown) ', geminiKey],
    ['Take it all the same? [y/N] (not shown) ', 'n'],
    ['GEMINI_API_KEY (not shown): ', geminiKey],
    ['TWILIO_ACCOUNT_SID: ', accountSid],
    ['TWILIO_AUTH_TOKEN (not shown): ', authToken],
    ['PUBLIC_URL: ', 'voice.example.com'],
    ['PUBLIC_URL: ', publicUrl],
    ['Write that? [y/N] ', 'y'],
    ['Point a number of your account here? [y/N] ', 'y'],
    ['empty for none)? ', '7'],
    ['empty for none)? ', '2'],
    ['(empty for none): ', 'https://handler.example/sorry'],
    ['Change +15005550002? [y/N] ', 'y'],
  ]);
  expect(code).toBe(0);
  expect(parseEnv(scene.written)).toEqual(parseEnv(whole.join('\n')));
  expect(scene.modeOf('.env')).toBe('600');
  expect(scene.desk).toMatchObject({
    voiceUrl,
    voiceMethod: 'POST',
    voiceFallbackUrl: 'https://handler.example/sorry',
    statusCallback,
    statusCallbackMethod: 'POST',
  });
  expect(scene.numbers[0]?.voiceUrl).toBe('https://demo.twilio.com/welcome/voice/');
  for (const secret of [geminiKey, authToken, 'sk-proj']) expect(seen).not.toContain(secret);
  expect(seen).toContain('GEMINI_API_KEY is a key of OpenAI');
  expect(seen).toContain('GEMINI_API_KEY does not look like a key of the Gemini API');
  expect(seen).toContain('PUBLIC_URL does not start with https://');
  expect(seen).toContain('A call comes in: https://demo.twilio.com/welcome/voice/ → ');
  expect(seen).not.toContain('+15005550003');
});

test.concurrent('a person who says no has lost nothing', async (context) => {
  const scene = await SetupScene.start(context);
  scene.write([...whole.slice(0, 3), 'AGENT_VOICE=Puck']);
  const before = scene.written;
  const { code, seen } = await scene.talk([
    ['PUBLIC_URL: ', publicUrl],
    ['Write that? [y/N] ', publicUrl],
    ['Write that? [y/N] ', 'n'],
  ]);
  expect(code).toBe(1);
  expect(seen).toContain('Nothing was written.');
  expect(scene.written).toBe(before);
  expect(scene.backups()).toEqual([]);
});

test.concurrent.for([
  ['Control and C', '\u0003'],
  ['Control and D', '\u0004'],
] as const)('a person who leaves with %s has lost nothing', async ([, key], context) => {
  const scene = await SetupScene.start(context);
  const { code, seen } = await scene.talk([
    ['GEMINI_API_KEY (not shown): ', geminiKey],
    ['TWILIO_ACCOUNT_SID: ', key],
  ]);
  expect(code).toBe(1);
  expect(seen).toContain('Broken off.');
  expect(scene.written).toBe('');
});

test.concurrent('where all is there, only the address is asked for, and the tunnels are told', async (context) => {
  const scene = await SetupScene.start(context);
  scene.write([...whole, 'PORT=9090']);
  const tunnel = join(scene.folder, 'cloudflared');
  writeFileSync(tunnel, '#!/bin/sh\n');
  chmodSync(tunnel, 0o755);
  const answers = [
    ['PUBLIC_URL: ', 'https://other.example.com'],
    ['Take it all the same? [y/N] ', 'y'],
    ['Write that? [y/N] ', 'y'],
    ['Point a number of your account here? [y/N] ', 'n'],
  ] as const;
  const { code, seen } = await scene.talk(answers, scene.folder);
  expect(code).toBe(0);
  expect(seen).toContain('cloudflared tunnel --url http://localhost:9090');
  expect(seen).toContain(`PUBLIC_URL=${publicUrl} → PUBLIC_URL=https://other.example.com`);
  expect(scene.backups()).toEqual(['.env.backup-1']);
  expect([scene.modeOf('.env'), scene.modeOf('.env.backup-1')]).toEqual(['600', '600']);
});

test.concurrent('without a terminal nothing is changed unless that is agreed to', async (context) => {
  const scene = await SetupScene.start(context);
  const { code, stdout, stderr } = await scene.run(set);
  expect([code, scene.written]).toEqual([1, '']);
  expect(stdout).toContain(`PUBLIC_URL=${publicUrl}`);
  expect(stderr).toBe('Nothing was changed: without a terminal, --yes agrees to what is shown.\n');
  expect(stdout).not.toContain(geminiKey);
});

test.concurrent('without a terminal, options do all of it, and say what is missing', async (context) => {
  const scene = await SetupScene.start(context);
  scene.write(['# Mine', 'AGENT_PROMPT="Two', 'lines # and more"', 'PUBLIC_URL=https://old.example.com']);
  const some = ['--yes', '--set', `PUBLIC_URL=${publicUrl}`, '--set', 'GEMINI_API_KEY'];
  const first = await scene.run(some, { GEMINI_API_KEY: geminiKey });
  expect(first.code).toBe(1);
  expect(first.stderr).toMatch(/^TWILIO_ACCOUNT_SID is missing .*\nTWILIO_AUTH_TOKEN is missing .*\n$/);
  expect(scene.written).toContain('# Mine\nAGENT_PROMPT="Two\nlines # and more"\n');
  expect(parseEnv(scene.written)).toMatchObject({ PUBLIC_URL: publicUrl, GEMINI_API_KEY: geminiKey });
  expect(scene.backups()).toEqual(['.env.backup-1']);

  const fallback = ['--fallback-url', 'https://handler.example/sorry'];
  const second = await scene.run([...set, '--yes', '--number', '+1 (500) 555-0002', ...fallback]);
  expect([second.code, second.stderr]).toEqual([0, '']);
  expect(scene.desk).toMatchObject({ voiceUrl, statusCallback, voiceFallbackUrl: 'https://handler.example/sorry' });
  const third = await scene.run(['--yes', '--number', '+15005550002']);
  expect(third.stdout).toContain('+15005550002 points here already.');
});

test.concurrent('what was changed at a number is shown, and undone', async (context) => {
  const scene = await SetupScene.start(context);
  scene.write(whole);
  if (scene.desk !== undefined) scene.desk.voiceApplicationSid = `AP${'4'.repeat(32)}`;
  const before = { ...scene.desk };
  await scene.run(['--yes', '--number', '+15005550002']);
  expect(scene.desk).toMatchObject({ voiceUrl, voiceApplicationSid: null });
  const shown = await scene.run(['--undo']);
  expect(shown.code).toBe(1);
  expect(shown.stdout).toContain(`A call comes in: ${voiceUrl} → https://demo.twilio.com/welcome/voice/`);
  expect(scene.desk).toMatchObject({ voiceUrl });
  expect((await scene.run(['--undo', '--yes'])).code).toBe(0);
  expect(scene.desk).toEqual(before);
  expect((await scene.run(['--undo', '--yes'])).stderr).toMatch(/^There is nothing to undo/);
});

test.concurrent('a change by somebody else since is told before it is lost', async (context) => {
  const scene = await SetupScene.start(context);
  scene.write(whole);
  await scene.run(['--yes', '--number', '+15005550002']);
  if (scene.desk !== undefined) scene.desk.voiceUrl = 'https://theirs.example/';
  expect((await scene.run(['--undo'])).stdout).toContain('was changed since by somebody else');
  expect(scene.desk?.voiceUrl).toBe('https://theirs.example/');
});

test.concurrent('a change that Twilio has not made leaves nothing to undo', async (context) => {
  const scene = await SetupScene.start(context);
  scene.write(whole);
  const before = { ...scene.desk };
  await scene.run(['--yes', '--number', '+15005550002']);
  Object.assign(scene.desk ?? {}, before);
  expect((await scene.run(['--undo', '--yes'])).stdout).toContain('+15005550002 is as it was.');
  expect((await scene.run(['--undo', '--yes'])).stderr).toMatch(/^There is nothing to undo/);
});

test.concurrent('a file that Parley would misread is left alone', async (context) => {
  const scene = await SetupScene.start(context);
  scene.write(['AGENT_PROMPT=You answer the desk # politely']);
  const before = scene.written;
  const { code, stderr } = await scene.run([...set, '--yes']);
  expect([code, scene.written]).toEqual([1, before]);
  expect(stderr).toMatch(/line 1: AGENT_PROMPT would end before the "#"/);
});

test.concurrent('what the command writes is what Parley reads', async (context) => {
  const scene = await SetupScene.start(context);
  const prompt = `It's "open" # until 5\nsharp`;
  expect((await scene.run([...set, '--yes', '--set', `AGENT_PROMPT=${prompt}`])).code).toBe(0);
  const { agent, gemini, twilio, http } = loadConfig({}, undefined, readEnvFile({ PARLEY_ENV_FILE: scene.file }));
  expect(agent.prompt).toBe(prompt);
  expect([gemini.apiKey, twilio.accountSid, twilio.authToken, http.publicUrl]).toEqual([
    geminiKey,
    accountSid,
    authToken,
    publicUrl,
  ]);
});

test.concurrent('what is doubtful is said and taken, and no number leads to this machine by a name of its own', async (context) => {
  const scene = await SetupScene.start(context);
  const doubtful = [
    'TWILIO_AUTH_TOKEN=nonsense',
    `TWILIO_ACCOUNT_SID=AC${'a'.repeat(32)}`,
    'PUBLIC_URL=http://localhost:8080',
    `GEMINI_API_KEY=${geminiKey}`,
  ];
  const { code, stdout } = await scene.run(['--yes', ...doubtful.flatMap((assignment) => ['--set', assignment])]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^TWILIO_AUTH_TOKEN has 8 characters: .* It is taken all the same\.$/m);
  expect(stdout).toMatch(/^TWILIO_ACCOUNT_SID is one digit, 32 times.* It is taken all the same\.$/m);
  expect(stdout).toMatch(/^PUBLIC_URL is this machine, which Twilio cannot reach.* It is taken all the same\.$/m);
  const { stderr } = await scene.run(['--yes', '--number', '+15005550002']);
  expect(stderr).toMatch(
    /^PUBLIC_URL is http:\/\/localhost:8080, which Twilio cannot reach, so no number can point here\.$/m,
  );
});

test.concurrent('what is doubtful in the file is said', async (context) => {
  const scene = await SetupScene.start(context);
  scene.write(['GEMINI_API_KEY=abcde', ...whole.slice(1)]);
  const doubt =
    /^In it, GEMINI_API_KEY does not look like a key of the Gemini API, .*; copy it anew\. --set GEMINI_API_KEY=… replaces it\.$/m;
  expect((await scene.run(['--yes'])).stdout).toMatch(doubt);
  const given = await scene.run(['--yes', '--set', `GEMINI_API_KEY=AQ.${'a'.repeat(40)}`]);
  expect([given.code, given.stdout.match(/In it,/)]).toEqual([0, null]);
});

test.concurrent('where something is missing nothing else is said to be done', async (context) => {
  const scene = await SetupScene.start(context);
  const { code, stdout, stderr } = await scene.run([]);
  expect(code).toBe(1);
  expect(stdout).not.toContain('Nothing to write');
  expect(stderr).toContain('GEMINI_API_KEY is missing');
});

const wrongToken = `TWILIO_AUTH_TOKEN=${'0'.repeat(32)}`;
const toDesk = ['--yes', '--number', '+15005550002'];

test.concurrent.for([
  [
    'a wrong token',
    [...set, '--set', wrongToken, ...toDesk],
    1,
    /^Twilio did not do it \(401, 20003\)\. It does not take/,
  ],
  [
    'a number of somebody else',
    [...set, '--yes', '--number', '+15005550009'],
    1,
    /It has \+15005550001, \+15005550002\.\n$/,
  ],
  [
    'a number for messages',
    [...set, '--yes', '--number', '+15005550003'],
    1,
    /^The account has no number \+15005550003/,
  ],
  ['a number without an account', toDesk, 1, /^To point a number here takes TWILIO_ACCOUNT_SID/],
  [
    'a wrong form',
    ['--yes', '--set', 'TWILIO_ACCOUNT_SID=SK123'],
    1,
    /^TWILIO_ACCOUNT_SID has the wrong form; it wants AC/,
  ],
  [
    'a placeholder',
    ['--yes', '--set', 'TWILIO_AUTH_TOKEN=your_auth_token'],
    1,
    /^TWILIO_AUTH_TOKEN holds a placeholder/,
  ],
  [
    'a setting that there is not',
    ['--set', 'GEMINI_KEY=1'],
    2,
    /^GEMINI_KEY is not a setting of Parley; did you mean GEMINI_API_KEY\?/,
  ],
  ['a setting without a value', ['--set', 'PUBLIC_URL'], 2, /^--set PUBLIC_URL has no value/],
  ['a wrong fallback', ['--fallback-url', 'sorry'], 2, /^--fallback-url wants an address/],
  ['an unknown option', ['--force'], 2, /--force/],
] as const)('%s is told', async ([, args, code, words], context) => {
  const scene = await SetupScene.start(context);
  const result = await scene.run(args);
  expect(result.code).toBe(code);
  expect(result.stderr).toMatch(words);
});
