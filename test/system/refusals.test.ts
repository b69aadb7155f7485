import { expect, test } from 'vitest';
import { VirtualClock } from '../../src/sim/driver/virtual-clock.ts';
import { Refusals } from '../../src/system/refusals.ts';
import { LogLines } from '../log-lines.ts';
import { passTime } from '../virtual-time.ts';

test('a few refusals have a line each, at once', () => {
  const { refusals, log } = bench();
  refusals.add('upgradeRefused', { fault: 'webhook.signatureInvalid' });
  refusals.add('requestRefused', { status: 413, why: 'entity.too.large' });
  expect(log.all).toMatchObject([
    { level: 'warn', msg: 'upgradeRefused', fault: 'webhook.signatureInvalid' },
    { level: 'warn', msg: 'requestRefused', status: 413, why: 'entity.too.large' },
  ]);
});

test('many are summed up once in a minute, by what was refused and why', () => {
  const { refusals, log, clock } = bench();
  for (let minute = 0; minute < 3; minute += 1) {
    for (let sent = 0; sent < 1_000; sent += 1) refusals.add('webhookRefused', { fault: 'webhook.signatureInvalid' });
    for (let sent = 0; sent < 8; sent += 1) refusals.add('webhookRefused', { fault: 'webhook.invalid' });
    refusals.add('socketError', { why: 'broken' });
    passTime(clock, 60_000);
  }
  const counts = { 'webhookRefused webhook.signatureInvalid': 995, 'webhookRefused webhook.invalid': 3 };
  expect(log.named('moreRefused')).toMatchObject([{ counts }, { counts }, { counts }]);
  expect(log.all).toHaveLength(3 * (5 + 5 + 1 + 1));
});

test('what takes work to find out is asked for only where there is a line', () => {
  const { refusals, log } = bench();
  let asked = 0;
  for (let sent = 0; sent < 100; sent += 1) {
    refusals.add('webhookRefused', { fault: 'webhook.signatureInvalid' }, () => ({ why: (asked += 1) }));
  }
  expect(log.named('webhookRefused').map(({ why }) => why)).toEqual([1, 2, 3, 4, 5]);
  expect(asked).toBe(5);
});

test('nothing is summed up where every refusal had its line', () => {
  const { refusals, log, clock } = bench();
  for (let sent = 0; sent < 5; sent += 1) refusals.add('socketError', { why: 'broken' });
  passTime(clock, 600_000);
  expect(log.named('moreRefused')).toEqual([]);
});

test('what has no line yet is told at the end', () => {
  const { refusals, log } = bench();
  for (let sent = 0; sent < 7; sent += 1) refusals.add('streamRefused', { fault: 'stream.startMissing' });
  refusals.sumUp();
  expect(log.all.at(-1)).toMatchObject({ msg: 'moreRefused', counts: { 'streamRefused stream.startMissing': 2 } });
});

function bench() {
  const log = new LogLines();
  const clock = new VirtualClock(0);
  return { log, clock, refusals: new Refusals(clock, log.logger) };
}
