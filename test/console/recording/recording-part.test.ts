import { renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { readWav } from '../../../src/audio/wav.ts';
import { ParleyError } from '../../../src/errors.ts';
import { type RecordingMeans, recordingPart } from '../../../src/console/recording/recording-part.ts';
import { usualMeans } from '../../../src/console/recording/timeline-setup.ts';
import { LogLines } from '../../log-lines.ts';
import { callSid, recordCall } from '../../calllog/recorded-call.ts';
import { logIn, openDoor } from '../door/door-scene.ts';

/** What a journal knows of the call. */
const journalled = {
  callSid,
  from: '+12025550101',
  to: null,
  agent: 'desk',
  source: 'phone',
  instance: null,
  startedAtMs: 1_000,
  endedAtMs: 9_000,
  outcome: 'apologised',
  why: 'The quota was used up.',
  faults: ['model.quotaExceeded'],
  costUsd: null,
  tokens: 0,
  waits: null,
} as const;

async function scene(context: TestContext, recordDir: string | null, history: RecordingMeans['history'] = null) {
  const log = new LogLines();
  const door = await openDoor(context, [
    recordingPart({ ...usualMeans(null), recordDir, history, placeOf: null, log: log.logger }),
  ]);
  const headers = await logIn(door.port);
  return { door, log, ask: async (path: string) => door.asks(path, { headers }) };
}

test('a recorded call comes as data, as sound and as a page of one file, and who looked is written down', async (context) => {
  const path = await recordCall(context);
  const folder = dirname(path);
  const { door, log, ask } = await scene(context, folder);
  // A process that took the call over, and whose log is damaged.
  const second = join(folder, `20990101T000000Z-${callSid}.jsonl`);
  writeFileSync(second, 'nonsense\n');

  const response = await fetch(`${door.url}/api/calls/${callSid}/recording`, { headers: await logIn(door.port) });
  expect(response.status).toBe(200);
  const { head, timeline, laneBytes } = partsOf(await response.arrayBuffer());
  expect(head).toEqual({ known: null, noRecording: null, part: { number: 1, count: 2, by: null } });
  expect(timeline).toMatchObject({ callSid, endReason: 'callerHungUp', missing: [] });
  expect(laneBytes.every((bytes) => bytes > 0)).toBe(true);
  expect(log.named('personalDataSeen')).toMatchObject([{ what: 'call', callSid }]);

  const other = await ask(`/api/calls/${callSid}/recording?part=2`);
  expect(other.body).toContain('Line 1: it is not JSON.');
  expect((await ask(`/api/calls/${callSid}/recording?part=-1`)).status).toBe(404);
  expect((await ask(`/api/calls/${callSid}/recording.wav?part=3`)).headers['content-type']).toBe('audio/wav');

  const sound = await fetch(`${door.url}/api/calls/${callSid}/recording.wav`, { headers: await logIn(door.port) });
  const wav = readWav(new Uint8Array(await sound.arrayBuffer()));
  expect(wav).toMatchObject({ channels: 2, sampleRateHz: 8_000, encoding: 'pcm16' });
  expect(wav.data.length / 4 / 8).toBeCloseTo(3_560, -2);

  const page = await ask(`/api/calls/${callSid}/recording.html`);
  expect(page.headers['content-disposition']).toBe(`attachment; filename="${callSid}.html"`);
  expect(page.body).toContain('Butterfield Dental');
  // Names of namespaces are no addresses.
  expect(page.body.replaceAll(/http:\/\/www\.w3\.org\/[\w/]+/g, '')).not.toMatch(/https?:\/\//);
  const { imports } = importMapOf(page.body);
  expect(Object.keys(imports)).toEqual(expect.arrayContaining(['preact', 'preact/hooks', 'parley/web/call/page.ts']));
  for (const module of Object.values(imports)) {
    const text = Buffer.from(module.split(',')[1] ?? '', 'base64').toString();
    const named = [...text.matchAll(/\bfrom\s*["']([^"']+)["']/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => !Object.hasOwn(imports, name))).toEqual([]);
    expect(text.replaceAll(/http:\/\/www\.w3\.org\/[\w/]+/g, '')).not.toMatch(/https?:\/\//);
  }

  renameSync(path, path.replace(callSid, 'CAother'));
  expect((await ask('/api/calls/CAother/recording')).body).toContain('There is no audio file beside the log');
});

test('where there is no recording, the answer says what to do', async (context) => {
  const { ask } = await scene(context, null);
  expect(await ask(`/api/calls/${callSid}/recording`)).toMatchObject({
    status: 404,
    body: expect.stringContaining('Set RECORD_DIR'),
  });
  const none = await scene(context, dirname(await recordCall(context)));
  for (const name of ['CAunknown', '..%2f..%2fetc%2fpasswd', '%2e%2e', 'x'.repeat(100), '+12025550101'])
    expect([name, (await none.ask(`/api/calls/${name}/recording`)).status]).toEqual([name, 404]);
  expect(none.log.named('personalDataSeen')).toEqual([]);
  const missing = await scene(context, '/nowhere/at/all');
  expect((await missing.ask(`/api/calls/${callSid}/recording`)).status).toBe(404);
});

test('of a call without a recording, what the journal knows is told, and a journal that fails is none', async (context) => {
  const said = { kind: 'said', speaker: 'caller', text: 'Hello?', cut: false, fence: 1, n: 1, atMs: 2_500 } as const;
  const { door } = await scene(context, null, {
    find: async () => ({ call: journalled, entries: [said], missing: null }),
  });
  const response = await fetch(`${door.url}/api/calls/${callSid}/recording`, { headers: await logIn(door.port) });
  const { head, timeline } = partsOf(await response.arrayBuffer());
  expect(head).toMatchObject({
    known: { call: { why: 'The quota was used up.' }, lines: [{ kind: 'said', atMs: 1_500, text: 'Hello?' }] },
    noRecording: expect.stringContaining('Set RECORD_DIR'),
  });
  expect(timeline).toBeNull();
  for (const [find, words] of [
    [async () => null, 'The journal does not know this call either.'],
    [async () => Promise.reject(new ParleyError('journal.unusable', 'It is locked.')), 'It is locked.'],
    [async () => Promise.reject(new Error('secret')), 'The journal cannot be read.'],
  ] as const) {
    const { ask } = await scene(context, null, { find });
    expect(await ask(`/api/calls/${callSid}/recording`)).toMatchObject({
      status: 404,
      body: expect.stringMatching(new RegExp(`Set RECORD_DIR.* ${words}`)),
    });
  }
});

test('a call is priced by the model that the journal names, and a simulated one costs nothing', async (context) => {
  const usage = { promptTokens: 500, responseTokens: 40, totalTokens: 540 };
  const path = await recordCall(context, (one) =>
    one.happens(
      { type: 'call.received' },
      { type: 'stream.started', streamSid: 'MZ1' },
      { type: 'model.opened' },
      { type: 'model.usage', usage: { ...usage, thoughtsTokens: 0, promptByModality: {}, responseByModality: {} } },
    ),
  );
  const costOf = async (agent: string | null) => {
    const history = { find: async () => ({ call: { ...journalled, agent }, entries: [], missing: null }) };
    const { door } = await scene(context, dirname(path), history);
    const response = await fetch(`${door.url}/api/calls/${callSid}/recording`, { headers: await logIn(door.port) });
    return partsOf(await response.arrayBuffer()).timeline;
  };
  expect(await costOf('simulated')).toMatchObject({ usage: [{ tokens: 540, costUsd: null }] });
  expect(await costOf(null)).toMatchObject({ usage: [{ tokens: 540, costUsd: expect.any(Number) }] });
});

test('whoever is not logged in is asked to, and comes to the call afterwards', async (context) => {
  const { door } = await scene(context, null);
  const page = await door.asks(`/call/${callSid}`);
  expect(page).toMatchObject({ status: 401, body: expect.stringContaining(`name="to" value="/call/${callSid}"`) });
  const body = `token=${encodeURIComponent('token-of-the-door-4711')}&to=/call/${callSid}`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const login = await door.asks('/login', { method: 'POST', headers, body });
  expect(login).toMatchObject({ status: 303, headers: { location: `/call/${callSid}` } });
  const elsewhere = await door.asks('/login', { method: 'POST', headers, body: `${body}/../../x/y` });
  expect(elsewhere.headers.location).not.toContain('x/y');
});

/** An answer with the data of a page, taken apart. */
function partsOf(buffer: ArrayBuffer) {
  const view = new DataView(buffer);
  const [headBytes = 0, timelineBytes = 0, ...laneBytes] = [0, 4, 8, 12, 16].map((at) => view.getUint32(at, true));
  expect(laneBytes.reduce((sum, each) => sum + each, 20 + headBytes + timelineBytes)).toBe(buffer.byteLength);
  const textAt = (at: number, bytes: number): string => new TextDecoder().decode(new Uint8Array(buffer, at, bytes));
  const head: unknown = JSON.parse(textAt(20, headBytes));
  const timeline: unknown = timelineBytes === 0 ? null : JSON.parse(textAt(20 + headBytes, timelineBytes));
  return { head, timeline, laneBytes };
}

function importMapOf(html: string): { readonly imports: Readonly<Record<string, string>> } {
  const [, map = ''] = /<script type="importmap">(.*?)<\/script>/s.exec(html) ?? [];
  return JSON.parse(map);
}
