import { expect, test } from 'vitest';
import { readHours } from '../../src/config/destinations/read-hours.ts';
import { createTransferCall, type TransferPlace } from '../../src/tools/transfer-call.ts';
import { toolContext } from './tool-context.ts';

/** Monday 30 November 2026, 8:00 in Vienna. */
const early = Date.UTC(2026, 10, 30, 7);

function place(hours: string, afterHours: TransferPlace['afterHours']): TransferPlace {
  const read = readHours(hours, { holidays: [], timeZone: 'Europe/Vienna' });
  if ('problem' in read) throw new RangeError(read.problem);
  return { hours: read.hours, afterHours };
}

const places = new Map<string, TransferPlace>([
  ['office', place('Mon-Fri 9-17', { kind: 'destination', name: 'night' })],
  ['night', place('daily 17-9', { kind: 'tell' })],
  ['shop', place('Mon-Fri 9-17', { kind: 'message' })],
  ['lab', place('Mon-Fri 9-17', { kind: 'tell' })],
]);

function asks(destination: string, unixMs = early) {
  const tool = createTransferCall([...places.keys(), 'always'], places, () => unixMs);
  return tool.run({ destination, reason: ' Ada,\na parcel ' }, toolContext());
}

test('in its hours a destination is called, with the reason in one line', async () => {
  const leave = { kind: 'transfer', destination: 'office', reason: 'Ada, a parcel' };
  expect(await asks('office', early + 2 * 3_600_000)).toMatchObject({ leave });
  expect(await asks('always')).toMatchObject({ leave: { ...leave, destination: 'always' } });
});

test('after hours another destination, a message, or what the agent may say takes its place', async () => {
  expect(await asks('office')).toMatchObject({
    response: { result: expect.stringMatching(/^Nobody is at office at this hour\. .* connected with night/) },
    leave: { kind: 'transfer', destination: 'night' },
  });
  expect(await asks('shop')).toMatchObject({ leave: { kind: 'message' } });
  expect(await asks('lab')).toEqual({
    response: { error: expect.stringMatching(/^Nobody is at lab at this hour: closed until 9:00/) },
  });
});
