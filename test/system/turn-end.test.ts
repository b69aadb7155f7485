import { expect, test } from 'vitest';
import { TurnEnd } from '../../src/system/turn-end.ts';
import { systemClock } from '../../src/system/clock.ts';

/** The end of turns, which come when `ends` is called, and what ran in them. */
function bench() {
  const turns: (() => void)[] = [];
  const ran: string[] = [];
  const turnEnd = new TurnEnd((run) => turns.push(run));
  const ends = (): void => {
    for (const run of turns.splice(0)) run();
  };
  return { turnEnd, turns, ran, ends };
}

test('what was read is handled in its order, and what waits for that comes behind it, whichever was there first', () => {
  const { turnEnd, turns, ran, ends } = bench();
  turnEnd.after(() => ran.push('time'));
  turnEnd.handle(() => ran.push('first'));
  turnEnd.handle(() => ran.push('second'));
  expect([turns.length, ran]).toEqual([1, []]);
  ends();
  expect(ran).toEqual(['first', 'second', 'time']);
});

test('what is read while a turn ends waits for the end of the next one', () => {
  const { turnEnd, ran, ends } = bench();
  turnEnd.handle(() => {
    ran.push('first');
    turnEnd.handle(() => ran.push('second'));
  });
  ends();
  expect(ran).toEqual(['first']);
  ends();
  ends();
  expect(ran).toEqual(['first', 'second']);
});

test('one that throws takes no other with it, and what the first has thrown is heard of', () => {
  const { turnEnd, ran, ends } = bench();
  for (const name of ['first', 'second']) {
    turnEnd.handle(() => {
      throw new Error(`The ${name} broke.`);
    });
  }
  turnEnd.handle(() => ran.push('third'));
  turnEnd.after(() => ran.push('time'));
  expect(ends).toThrow('The first broke.');
  ends();
  expect(ran).toEqual(['third', 'time']);
});

test('a timer that is cancelled by what was read when its time had passed does not fire', async () => {
  const fired: string[] = [];
  const timer = systemClock.after(1, () => fired.push('cancelled'));
  setTimeout(() => systemClock.soon(() => timer.cancel()), 1);
  systemClock.after(1, () => fired.push('other'));
  const untilMs = performance.now() + 5;
  while (performance.now() < untilMs);
  await new Promise((resolve) => systemClock.after(20, () => resolve(null)));
  expect(fired).toEqual(['other']);
});
