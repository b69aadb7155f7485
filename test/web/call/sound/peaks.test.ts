import { expect, test } from 'vitest';
import { loudnessOf } from '../../../../web/call/sound/mulaw-sound.ts';
import { Peaks } from '../../../../web/call/sound/peaks.ts';

/** Silence with a click at each of these samples. */
function clicks(length: number, ...at: readonly number[]): Uint8Array {
  const sound = new Uint8Array(length).fill(0xff);
  for (const each of at) sound[each] = 0x80;
  return sound;
}

test('a single click is seen at every zoom level, at its place', () => {
  const minuteMs = 60_000;
  const atMs = 30_000;
  const peaks = new Peaks(clicks(minuteMs * 8, atMs * 8));
  for (const spanMs of [100, 1_000, 10_000, minuteMs]) {
    const columns = peaks.columns(atMs - spanMs / 2, spanMs / 500, 500);
    const loud = [...columns.entries()].filter(([, loudness]) => loudness > 0).map(([column]) => column);
    expect([spanMs, loud.every((column) => Math.abs(column - 250) <= 1), loud.length > 0]).toEqual([
      spanMs,
      true,
      true,
    ]);
  }
});

test('columns are as loud as what is in them', () => {
  const sound = new Uint8Array(40_000).fill(0xe0).fill(0x90, 20_000);
  const columns = [...new Peaks(sound).columns(0, 100, 50)];
  expect(new Set(columns.slice(0, 24))).toEqual(new Set([loudnessOf(0xe0)]));
  expect(new Set(columns.slice(25))).toEqual(new Set([loudnessOf(0x90)]));
});

test('outside of the sound all is silent', () => {
  expect([...new Peaks(clicks(800, 0)).columns(-100, 100, 4)]).toEqual([0, 127, 0, 0]);
  expect([...new Peaks(new Uint8Array()).columns(0, 10, 3)]).toEqual([0, 0, 0]);
});
