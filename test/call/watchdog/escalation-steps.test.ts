import { expect, test } from 'vitest';
import { EscalationSteps } from '../../../src/call/watchdog/escalation-steps.ts';

test('a step is due four seconds after what is expected, what was done about it, and the last words', () => {
  const steps = new EscalationSteps(4000);
  expect(steps.deadlineMs({ sinceMs: 1000, renewedMs: 1000, quietSinceMs: 0, toolMs: 8_000 }, false)).toBe(5000);
  expect(steps.deadlineMs({ sinceMs: 1000, renewedMs: 1000, quietSinceMs: 3000, toolMs: 8_000 }, false)).toBe(7000);
  steps.take(5000);
  expect(steps.deadlineMs({ sinceMs: 1000, renewedMs: 1000, quietSinceMs: 3000, toolMs: 8_000 }, false)).toBe(9000);
  expect(steps.deadlineMs({ sinceMs: 1000, renewedMs: 6000, quietSinceMs: 3000, toolMs: 8_000 }, false)).toBe(10_000);
});

test('a step waits for tools, but not for one after the other', () => {
  const steps = new EscalationSteps(4000);
  expect(steps.deadlineMs({ sinceMs: 1000, renewedMs: 1000, quietSinceMs: 0, toolMs: 8_000 }, true)).toBe(21_000);
  expect(steps.deadlineMs({ sinceMs: 1000, renewedMs: 19_000, quietSinceMs: 0, toolMs: 8_000 }, true)).toBe(21_000);
  expect(steps.deadlineMs({ sinceMs: 1000, renewedMs: 19_000, quietSinceMs: 0, toolMs: 8_000 }, false)).toBe(21_000);
  steps.take(21_000);
  expect(steps.deadlineMs({ sinceMs: 1000, renewedMs: 19_000, quietSinceMs: 0, toolMs: 8_000 }, true)).toBe(41_000);
});

test('a step follows the one before, until the caller has heard a whole reply', () => {
  const steps = new EscalationSteps(4000);
  expect(Array.from({ length: 5 }, () => steps.take(0))).toEqual(['nudge', 'resume', 'fresh', 'giveUp', 'giveUp']);
  steps.replyHeard();
  expect(steps.take(0)).toBe('nudge');
});

test('asking is left out for a session that had to be asked three times in a row', () => {
  const steps = new EscalationSteps(4000);
  for (let reply = 0; reply < 3; reply += 1) {
    expect(steps.take(0)).toBe('nudge');
    steps.replyHeard();
  }
  expect(steps.take(0)).toBe('resume');
});
