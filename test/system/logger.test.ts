import { expect, test } from 'vitest';
import { LogLines } from '../log-lines.ts';

test('a text of any length takes little room in the log', () => {
  const log = new LogLines();
  log.logger.warn({ fault: 'webhook.invalid', why: 'x'.repeat(100_000) }, 'webhookRefused');
  expect(log.all).toMatchObject([{ msg: 'webhookRefused', fault: 'webhook.invalid', why: `${'x'.repeat(399)}…` }]);
  expect(log.text.length).toBeLessThan(600);
});
