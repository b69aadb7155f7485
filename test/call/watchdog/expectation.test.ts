import { describe, expect, test } from 'vitest';
import { usualPatience } from '../../../src/call/call-settings.ts';
import { Expectation } from '../../../src/call/watchdog/expectation.ts';

describe('what is expected', () => {
  test('is the greeting until the caller has heard a word', () => {
    const wait = new Expectation(usualPatience);
    wait.expect('answer', 0);
    expect(wait.expected).toBe('greeting');
    wait.greeted();
    wait.satisfied();
    wait.expect('answer', 0);
    expect(wait.expected).toBe('answer');
  });

  test('has been waited for since it was first expected, whatever it has become', () => {
    const wait = greeted();
    wait.expect('answer', 1000);
    wait.expect('toolResult', 3000);
    expect([wait.expected, wait.sinceMs]).toEqual(['toolResult', 1000]);
    wait.satisfied();
    wait.expect('answer', 9000);
    expect(wait.sinceMs).toBe(9000);
  });
});

describe('a sound in the silence', () => {
  test('is a tone after 1.5 s, a phrase after 4 s, and so on every five seconds', () => {
    const wait = greeted();
    wait.expect('answer', 1000);
    const heard = Array.from({ length: 6 }, () => [wait.comfortDeadlineMs(0), wait.takeComfort()]);
    expect(heard).toEqual([
      [2500, 'tone'],
      [5000, 'phrase'],
      [7500, 'tone'],
      [10_000, 'phrase'],
      [12_500, 'tone'],
      [15_000, 'phrase'],
    ]);
  });

  test('waits for the end of words that still play', () => {
    const wait = greeted();
    wait.expect('rest', 1000);
    expect(wait.comfortDeadlineMs(8000)).toBe(9500);
  });

  test('begins with the tone again for the next silence', () => {
    const wait = greeted();
    wait.expect('answer', 0);
    wait.takeComfort();
    wait.satisfied();
    expect(wait.comfortDeadlineMs(0)).toBeNull();
    wait.expect('answer', 0);
    expect(wait.takeComfort()).toBe('tone');
  });
});

function greeted(): Expectation {
  const wait = new Expectation(usualPatience);
  wait.greeted();
  return wait;
}

// A stream was lost after tone, line and tone. On the next one the caller heard nothing for six seconds, because the count went on.
test('the silence on a new stream is filled from its own beginning', () => {
  const wait = new Expectation(usualPatience);
  wait.greeted();
  wait.expect('answer', 0);
  for (let heard = 0; heard < 3; heard += 1) wait.takeComfort();
  wait.comfortAnew();
  expect(wait.comfortDeadlineMs(20_000)).toBe(21_500);
});
