import { expect, test } from 'vitest';
import type { CarrierNote } from '../../../src/sim/carrier/carrier-events.ts';
import { connectedUnasked } from '../../../src/sim/judges/acceptance.ts';
import { placeAt } from '../../call/call-scene.ts';
import { settings } from '../../calllog/recorded-call.ts';

const to = '+15550100';
const must = { ...settings, destinations: { support: placeAt(to, { accept: 'press1' }) } };
const started: CarrierNote = { atMs: 0, kind: 'dial.started', to };
const bridged: CarrierNote = { atMs: 3, kind: 'dial.bridged', to };
const ended: CarrierNote = { atMs: 9, kind: 'dial.ended', to, status: 'completed', bridged: true };

function pressed(digit: string): CarrierNote {
  return { atMs: 2, kind: 'callee.pressed', to, digit };
}

test.for<[notes: readonly CarrierNote[], count: number]>([
  [[started, pressed('1'), bridged, ended], 0],
  [[started, { ...ended, bridged: false }], 0],
  [[started, bridged, ended], 2],
  [[started, ended], 1],
  [[started, pressed('2'), bridged], 1],
  [[started, pressed('1'), started, bridged], 1],
])('whoever is connected has pressed 1 for this very call: %j', ([notes, count]) => {
  expect(connectedUnasked(notes, must)).toHaveLength(count);
});

test('where an answer is enough, nobody need press anything', () => {
  expect(connectedUnasked([started, ended], { ...must, destinations: { support: placeAt(to) } })).toEqual([]);
});
