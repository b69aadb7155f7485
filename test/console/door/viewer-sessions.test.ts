import { expect, test } from 'vitest';
import { ViewerSessions, sessionSecondsMax } from '../../../src/console/door/viewer-sessions.ts';
import { TokenCheck } from '../../../src/console/door/token-check.ts';
import { VirtualClock } from '../../../src/sim/driver/virtual-clock.ts';
import { systemRandomness } from '../../../src/system/randomness.ts';
import { passTime } from '../../virtual-time.ts';

test('a session ends after a working day, and what it opened ends with it', () => {
  const clock = new VirtualClock(0);
  const sessions = new ViewerSessions(clock, systemRandomness);
  const id = sessions.open();
  const session = sessions.find(id);
  expect(id).not.toContain(session?.name);
  let ended = 0;
  session?.onEnd(() => (ended += 1));
  session?.onEnd(() => (ended += 10))();
  passTime(clock, sessionSecondsMax * 1000 - 1);
  expect(sessions.find(id)).toBe(session);
  passTime(clock, 1);
  expect(sessions.find(id)).toBeNull();
  expect(ended).toBe(1);
});

test('what is opened for a session that has ended meanwhile ends at once', () => {
  const sessions = new ViewerSessions(new VirtualClock(0), systemRandomness);
  const id = sessions.open();
  const session = sessions.find(id);
  sessions.close(id);
  let ended = 0;
  const forget = session?.onEnd(() => (ended += 1));
  expect(ended).toBe(1);
  expect(session?.streams).toBe(0);
  forget?.();
});

test('of too many sessions the oldest ends', () => {
  const sessions = new ViewerSessions(new VirtualClock(0), systemRandomness);
  const ids = Array.from({ length: 101 }, () => sessions.open());
  expect(ids.filter((id) => sessions.find(id) === null)).toEqual(ids.slice(0, 1));
});

test('wrong tokens are counted by address, for a minute', () => {
  const clock = new VirtualClock(0);
  const check = new TokenCheck('right', clock);
  for (let times = 0; times < 10; times += 1) expect(check.try('wrong', 'a')).toBe('wrong');
  expect(check.try('right', 'a')).toBe('tooOften');
  expect(check.try('right', 'b')).toBe('right');
  passTime(clock, 60_000);
  expect(check.try('right', 'a')).toBe('right');
});

test('addresses are counted within a bound', () => {
  const check = new TokenCheck('right', new VirtualClock(0));
  for (let times = 0; times < 10; times += 1) check.try('wrong', 'a');
  for (let address = 0; address < 1_000; address += 1) check.try('wrong', String(address));
  expect(check.try('right', 'a')).toBe('right');
  expect(check.try('wrong', '999')).toBe('wrong');
});
