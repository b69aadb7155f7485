import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PlaceWatch } from '../../src/admin-file/place-watch.ts';
import { VirtualClock } from '../../src/sim/driver/virtual-clock.ts';
import { passTime } from '../virtual-time.ts';

const lookMs = 2_000;
const stillMs = 200;

/** A place whose state a test sets, and what was told of it. */
function watched(changed: (print: string) => void = () => {}) {
  const clock = new VirtualClock(0);
  const told: string[] = [];
  const place = { state: 'a', told, faults: [] as unknown[] };
  const watch: PlaceWatch = new PlaceWatch(
    {
      print: async () => Promise.resolve(place.state),
      changed: async (print) => {
        told.push(print);
        changed(print);
        await Promise.resolve();
        watch.know(print);
      },
      broke: (error) => place.faults.push(error),
    },
    { clock, lookMs, stillMs },
  );
  watch.know('a');
  /** A look waits for what it looks at. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += stillMs) {
      passTime(clock, stillMs);
      await setImmediate();
    }
  };
  return { watch, place, pass };
}

test('a place that nobody changes is told nothing of', async () => {
  const { watch, place, pass } = watched();
  watch.start();
  await pass(5 * lookMs);
  expect(place.told).toEqual([]);
});

test('a change is told once, when the place stands still', async () => {
  const { watch, place, pass } = watched();
  watch.start();
  place.state = 'b';
  await pass(lookMs);
  expect(place.told).toEqual([]);
  await pass(stillMs);
  expect(place.told).toEqual(['b']);
  await pass(5 * lookMs);
  expect(place.told).toEqual(['b']);
});

test('a place that is written to all the time is left alone until it is whole', async () => {
  const { watch, place, pass } = watched();
  watch.start();
  for (let written = 0; written < 20; written += 1) {
    place.state = `part ${written}`;
    await pass(stillMs);
  }
  expect(place.told).toEqual([]);
  await pass(lookMs);
  expect(place.told).toEqual(['part 19']);
});

test('a hint brings the next look on', async () => {
  const { watch, place, pass } = watched();
  watch.start();
  place.state = 'b';
  watch.hint();
  await pass(2 * stillMs);
  expect(place.told).toEqual(['b']);
});

test('what nobody counts as read is told again, and what fails is tried again', async () => {
  let failures = 1;
  const { watch, place, pass } = watched(() => {
    failures -= 1;
    if (failures >= 0) throw new RangeError('no such shelf');
  });
  watch.start();
  place.state = 'b';
  await pass(lookMs + stillMs);
  expect([place.told, place.faults]).toEqual([['b'], [new RangeError('no such shelf')]]);
  await pass(lookMs);
  expect(place.told).toEqual(['b', 'b']);
  watch.know(null);
  watch.hint();
  await pass(stillMs);
  expect(place.told).toEqual(['b', 'b', 'b']);
});

test('nothing is told of a place after the end', async () => {
  const { watch, place, pass } = watched();
  watch.start();
  place.state = 'b';
  await pass(lookMs);
  watch.close();
  watch.hint();
  await pass(5 * lookMs);
  expect(place.told).toEqual([]);
});
