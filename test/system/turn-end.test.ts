import { expect, test } from 'vitest';
import { TurnEnd } from '../../src/system/turn-end.ts';
import { systemClock } from '../../src/system/clock.ts';

function breaks(name: string): () => void {
  return () => {
    throw new Error(`The ${name} broke.`);
  };
}

/** Turns that end when `ends` is called, and what ran in them. */
function bench() {
  const [turns, left]: [(() => void)[], (() => void)[]] = [[], []];
  const ran: string[] = [];
  const turnEnd = new TurnEnd({ atEnd: (run) => turns.push(run), behind: (run) => left.push(run) });
  const ends = (): void => {
    for (const run of turns.splice(0)) run();
    for (let run = left.shift(); run !== undefined; run = left.shift()) run();
  };
  return { turnEnd, turns, left, ran, ends };
}

test('what was read is handled in its order, then what that leaves to be done, then what waits for a time', () => {
  const { turnEnd, turns, left, ran, ends } = bench();
  turnEnd.after(() => ran.push('time'));
  for (const name of ['first', 'second']) {
    turnEnd.handle(() => {
      ran.push(name);
      left.push(() => ran.push(`write of the ${name}`));
    });
  }
  expect([turns.length, ran]).toEqual([1, []]);
  ends();
  expect(ran).toEqual(['first', 'second', 'write of the first', 'write of the second', 'time']);
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

test('one that throws takes no other with it, and each is heard of', () => {
  const { turnEnd, ran, ends } = bench();
  turnEnd.handle(breaks('first'));
  turnEnd.handle(breaks('second'));
  turnEnd.handle(() => ran.push('third'));
  turnEnd.after(breaks('timer'));
  turnEnd.after(() => ran.push('time'));
  for (const name of ['first', 'second', 'timer']) expect(ends).toThrow(`The ${name} broke.`);
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
