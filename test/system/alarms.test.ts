import { expect, test } from 'vitest';
import { VirtualClock } from '../../src/sim/driver/virtual-clock.ts';
import { SharedAlarms } from '../../src/system/alarms.ts';
import { passTime } from '../virtual-time.ts';

/** Alarms of one clock, and when which of them fired. */
function bench() {
  const clock = new VirtualClock(0);
  const alarms = new SharedAlarms(clock);
  const fired: string[] = [];
  const alarm = (name: string, then = (): void => {}) =>
    alarms.alarm(() => {
      fired.push(`${name} ${clock.nowMs()}`);
      then();
    });
  return { clock, alarm, fired };
}

test('each fires once, at its time, and those that are due together in the order of their times', () => {
  const { clock, alarm, fired } = bench();
  const [first, second, third] = [alarm('first'), alarm('second'), alarm('third')];
  first.set(300);
  second.set(100);
  third.set(200);
  passTime(clock, 150);
  expect(fired).toEqual(['second 100']);
  clock.moveTo(900);
  clock.fireNext();
  expect(fired).toEqual(['second 100', 'third 900', 'first 900']);
  expect(clock.nextDueMs).toBeNull();
});

test('one that is moved fires at the new time alone, earlier or later, and one that is cancelled not at all', () => {
  const { clock, alarm, fired } = bench();
  const [moved, cancelled, hurried] = [alarm('moved'), alarm('cancelled'), alarm('hurried')];
  for (const each of [moved, cancelled, hurried]) each.set(100);
  moved.set(400);
  hurried.set(50);
  cancelled.cancel();
  cancelled.cancel();
  passTime(clock, 1_000);
  expect(fired).toEqual(['hurried 50', 'moved 400']);
});

test('nothing is waited for once none is set', () => {
  const { clock, alarm } = bench();
  const [one, other] = [alarm('one'), alarm('other')];
  one.set(100);
  other.set(200);
  one.cancel();
  other.cancel();
  expect(clock.nextDueMs).toBeNull();
});

test('whoever sets it again at once waits for what has arrived, also while others are due', () => {
  const { clock, alarm, fired } = bench();
  const again = alarm('again', () => fired.length < 3 && again.set(0));
  again.set(100);
  alarm('other').set(100);
  passTime(clock, 100);
  expect(fired).toEqual(['again 100', 'other 100', 'again 100']);
});

test('one that fires may cancel and move others that are due with it', () => {
  const { clock, alarm, fired } = bench();
  const [cancelled, moved] = [alarm('cancelled'), alarm('moved')];
  alarm('first', () => {
    cancelled.cancel();
    moved.set(70);
  }).set(10);
  cancelled.set(20);
  moved.set(30);
  clock.moveTo(30);
  clock.fireNext();
  passTime(clock, 1_000);
  expect(fired).toEqual(['first 30', 'moved 100']);
});

test('one that throws keeps no other from firing', () => {
  const { clock, alarm, fired } = bench();
  alarm('broken', () => {
    throw new Error('It broke.');
  }).set(10);
  alarm('other').set(20);
  clock.moveTo(20);
  expect(() => clock.fireNext()).toThrow('It broke.');
  clock.fireNext();
  expect(fired).toEqual(['broken 20', 'other 20']);
});
