import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isJsonObject, type JsonObject, parseJson } from '../../src/encoding/json.ts';
import { caller, fallback, geminiKey, ServiceScene } from './service-scene.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const script = {
  steps: [
    { waitFor: 'agentSpeaking' },
    { waitFor: 'agentQuiet', ms: 100 },
    { tone: { hz: 440, ms: 300 } },
    { hangUp: true },
  ],
} as const;

test.concurrent('a call is recorded as steps and audio that only we may read', async (context) => {
  const folder = join(temporaryFolder(context), 'calls');
  const scene = await ServiceScene.open(context, { env: { RECORD_DIR: folder } });
  const phone = scene.call({ script });
  await phone.ended;
  await scene.service.stop(0);

  const files = readdirSync(folder).map((name) => join(folder, name));
  expect([folder, ...files].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600, 0o600]);
  const [audioFile = '', linesFile = ''] = files;
  expect(files.map((file) => file.split(`-${phone.callSid}`)[1])).toEqual(['.audio', '.jsonl']);

  const [header, ...steps] = lines(linesFile);
  expect(header).toMatchObject({ format: 'parley-call-log', version: 4, callSid: phone.callSid });
  expect(header?.settings).toMatchObject({ fallback: { number: fallback } });
  expect(JSON.stringify(header)).not.toContain(geminiKey);
  const events = steps.map(({ event }) => event).filter(isJsonObject);
  expect(events.at(0)).toMatchObject({ type: 'call.received' });
  expect(events.at(-1)).toMatchObject({ type: 'call.completed' });
  expect(steps.at(-1)?.effects).toContainEqual({ type: 'call.end', reason: 'callerHungUp' });
  const times = events.map(({ atMs }) => Number(atMs));
  expect(times).toEqual(times.toSorted((one, other) => one - other));

  // The pieces of audio lie one behind the other and fill the file.
  const pieces = events.flatMap(({ audio, pcm }) => [audio, pcm].filter(isJsonObject));
  const ends = pieces.map(({ at, bytes }) => Number(at) + Number(bytes));
  expect(pieces.map(({ at }) => at)).toEqual([0, ...ends.slice(0, -1)]);
  expect(ends.at(-1)).toBe(statSync(audioFile).size);
});

test.concurrent('a folder that cannot be made is one warning, and calls go on', async (context) => {
  const file = join(temporaryFolder(context), 'file');
  writeFileSync(file, '');
  const scene = await ServiceScene.open(context, { env: { RECORD_DIR: join(file, 'calls') } });
  const report = await scene.call({ script }).ended;
  expect(report.endReason).toBe('callerHungUp');
  expect(hears(report.timeline)).toBe(true);
  expect(scene.log.all.filter(({ level }) => level === 'warn')).toMatchObject([{ msg: 'recordDirUnusable' }]);
});

test.concurrent('a folder that vanishes is one warning for each call, and calls go on', async (context) => {
  const folder = join(temporaryFolder(context), 'calls');
  const scene = await ServiceScene.open(context, { env: { RECORD_DIR: folder } });
  rmSync(folder, { recursive: true });
  const report = await scene.call({ script }).ended;
  expect(report.endReason).toBe('callerHungUp');
  expect(hears(report.timeline)).toBe(true);
  expect(scene.log.all.filter(({ level }) => level === 'warn')).toMatchObject([{ msg: 'callLogFailed' }]);
  expect(scene.log.text).not.toContain(caller.slice(1));
});

function hears(timeline: readonly { readonly kind: string }[]): boolean {
  return timeline.some(({ kind }) => kind === 'stream.firstMedia');
}

function lines(file: string): JsonObject[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n').map(parseJson).filter(isJsonObject);
}
