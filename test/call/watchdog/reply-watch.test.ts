import { describe, expect, test } from 'vitest';
import { usualPatience } from '../../../src/call/call-settings.ts';
import { ReplyWatch } from '../../../src/call/watchdog/reply-watch.ts';

describe('what is owed', () => {
  test('is the greeting until the caller has heard a word', () => {
    const watch = new ReplyWatch(usualPatience);
    watch.owe('answer', 0);
    expect(watch.owed).toBe('greeting');
    watch.wordsCame();
    watch.owe('answer', 0);
    expect(watch.owed).toBe('answer');
  });

  test('has been owed since it was first owed, whatever it has become', () => {
    const watch = greeted();
    watch.owe('answer', 1000);
    watch.owe('toolResult', 3000);
    expect([watch.owed, watch.sinceMs]).toEqual(['toolResult', 1000]);
    watch.settle();
    watch.owe('answer', 9000);
    expect(watch.sinceMs).toBe(9000);
  });
});

describe('a covering sound', () => {
  test('is a tone after 1.5 s, a line after 4 s, and so on every five seconds', () => {
    const watch = greeted();
    watch.owe('answer', 1000);
    const heard = Array.from({ length: 6 }, () => [watch.coverDeadlineMs(0), watch.takeCover()]);
    expect(heard).toEqual([
      [2500, 'tone'],
      [5000, 'line'],
      [7500, 'tone'],
      [10_000, 'line'],
      [12_500, 'tone'],
      [15_000, 'line'],
    ]);
  });

  test('waits for the end of words that still play', () => {
    const watch = greeted();
    watch.owe('rest', 1000);
    expect(watch.coverDeadlineMs(8000)).toBe(9500);
  });

  test('begins with the tone again for the next silence', () => {
    const watch = greeted();
    watch.owe('answer', 0);
    watch.takeCover();
    watch.settle();
    expect(watch.coverDeadlineMs(0)).toBeNull();
    watch.owe('answer', 0);
    expect(watch.takeCover()).toBe('tone');
  });
});

describe('a step', () => {
  test('is due four seconds after what is owed, what was done about it, and the last words', () => {
    const watch = greeted();
    expect(watch.stepDeadlineMs(0, false)).toBeNull();
    watch.owe('answer', 1000);
    expect(watch.stepDeadlineMs(0, false)).toBe(5000);
    expect(watch.stepDeadlineMs(3000, false)).toBe(7000);
    watch.takeStep(5000);
    expect(watch.stepDeadlineMs(3000, false)).toBe(9000);
    watch.stepped(6000);
    expect(watch.stepDeadlineMs(3000, false)).toBe(10_000);
  });

  test('waits for tools, but not for one after the other', () => {
    const watch = greeted();
    watch.owe('answer', 1000);
    expect(watch.stepDeadlineMs(0, true)).toBe(21_000);
    watch.owe('toolResult', 19_000);
    expect(watch.stepDeadlineMs(0, true)).toBe(21_000);
    expect(watch.stepDeadlineMs(0, false)).toBe(21_000);
    watch.takeStep(21_000);
    expect(watch.stepDeadlineMs(0, true)).toBe(41_000);
  });

  test('follows the one before, until the caller has heard a whole reply', () => {
    const watch = greeted();
    const taken = () => Array.from({ length: 5 }, () => watch.takeStep(0));
    expect(taken()).toEqual(['nudge', 'resume', 'fresh', 'giveUp', 'giveUp']);
    watch.wordsCame();
    expect(watch.takeStep(0)).toBe('giveUp');
    watch.proved();
    expect(watch.takeStep(0)).toBe('nudge');
  });
});

function greeted(): ReplyWatch {
  const watch = new ReplyWatch(usualPatience);
  watch.greeted();
  return watch;
}

// A stream was lost after tone, line and tone. On the next one the caller heard nothing for six seconds, because the count went on.
test('a new stream is covered from its own beginning', () => {
  const watch = new ReplyWatch(usualPatience);
  watch.greeted();
  watch.owe('answer', 0);
  for (let covers = 0; covers < 3; covers += 1) watch.takeCover();
  watch.coverAnew();
  expect(watch.coverDeadlineMs(20_000)).toBe(21_500);
});
