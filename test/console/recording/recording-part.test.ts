import { renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { readWav } from '../../../src/audio/wav.ts';
import { recordingPart } from '../../../src/console/recording/recording-part.ts';
import { usualMeans } from '../../../src/console/recording/timeline-setup.ts';
import { LogLines } from '../../log-lines.ts';
import { callSid, recordCall } from '../../calllog/recorded-call.ts';
import { logIn, openDoor } from '../door/door-scene.ts';

async function scene(context: TestContext, recordDir: string | null) {
  const log = new LogLines();
  const door = await openDoor(context, [recordingPart({ ...usualMeans(null), recordDir, log: log.logger })]);
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
  expect([response.status, response.headers.get('x-log-parts')]).toEqual([200, '1/2']);
  const bytes = new DataView(await response.arrayBuffer());
  const lengths = [0, 4, 8, 12].map((at) => bytes.getUint32(at, true));
  expect(lengths.reduce((sum, each) => sum + each, 16)).toBe(bytes.byteLength);
  const timeline: unknown = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes.buffer, 16, lengths[0])));
  expect(timeline).toMatchObject({ callSid, endReason: 'callerHungUp', missing: [] });
  expect(log.named('personalDataSeen')).toMatchObject([{ what: 'recording, as data', callSid }]);

  const other = await ask(`/api/calls/${callSid}/recording?part=2`);
  expect(other.body).toContain('Line 1: it is not JSON.');
  expect((await ask(`/api/calls/${callSid}/recording?part=-1`)).status).toBe(404);

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
  for (const name of ['CAunknown', '..%2f..%2fetc%2fpasswd', '%2e%2e', 'x'.repeat(100)])
    expect([name, (await none.ask(`/api/calls/${name}/recording`)).status]).toEqual([name, 404]);
  const missing = await scene(context, '/nowhere/at/all');
  expect((await missing.ask(`/api/calls/${callSid}/recording`)).status).toBe(404);
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

function importMapOf(html: string): { readonly imports: Readonly<Record<string, string>> } {
  const [, map = ''] = /<script type="importmap">(.*?)<\/script>/s.exec(html) ?? [];
  return JSON.parse(map);
}
