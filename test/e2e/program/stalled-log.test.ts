import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/encoding/json.ts';
import { RawStream } from '../../twilio/twilio-client.ts';
import { until } from '../../until.ts';
import { runStalled } from './stalled-program.ts';

/** More than the log may hold, if each left a line of its own. */
const requests = 200;
const upgrades = 10;

/** What a flood may leave in the log, with one whole call at level trace. */
const logBytesMax = 20_000;

test('a flood of refused requests harms no call and leaves little in the log, although nobody reads the log meanwhile', async (context) => {
  const parley = await runStalled(context);
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
