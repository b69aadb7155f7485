import { expect, test } from 'vitest';
import { createLogger } from '../../src/system/logger.ts';
import { LogLines } from '../log-lines.ts';

test('a text of any length takes little room in the log', () => {
  const log = new LogLines();
  log.logger.warn({ fault: 'webhook.invalid', why: 'x'.repeat(100_000) }, 'webhookRefused');
  expect(log.all).toMatchObject([{ msg: 'webhookRefused', fault: 'webhook.invalid', why: `${'x'.repeat(399)}…` }]);
  expect(log.text.length).toBeLessThan(600);
});

test('an error is logged without its words, even if they look like a place in the code', () => {
  const log = new LogLines();
  log.logger.error({ err: new TypeError('Nobody\n    at +12025550177\n    at home') }, 'requestFailed');
  expect(log.all).toMatchObject([
    { err: { type: 'TypeError', stack: expect.stringMatching(/^\s+at .*logger\.test\.ts/) } },
  ]);
  expect(log.text).not.toMatch(/12025550177|home/);
});

// Eleven of the doctor's silent loggers, each with its own standard output, had Node warn of a leak.
test('a silent logger leaves nothing to do for the end of the process', () => {
  const before = process.listenerCount('exit');
  createLogger('silent').error('nobody hears this');
  expect(process.listenerCount('exit')).toBe(before);
});
