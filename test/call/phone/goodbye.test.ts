import { expect, test } from 'vitest';
import { goodbyeIn } from '../../../src/call/phone/goodbye.ts';

test('a goodbye is waited for three seconds, and as long again after what came of it', () => {
  const awaited = goodbyeIn('awaited', null, 0, 1000);
  expect(awaited).toEqual({ name: 'awaited', untilMs: 4000 });
  expect(goodbyeIn('speaking', awaited, 500, 2000)).toEqual({ name: 'speaking', endMs: 14_000, untilMs: 5500 });
});

test('a goodbye that goes on and on ends twelve seconds after its beginning', () => {
  const begun = goodbyeIn('speaking', null, 0, 1000);
  expect(goodbyeIn('speaking', begun, 8000, 9000)).toEqual({ name: 'speaking', endMs: 13_000, untilMs: 13_000 });
});

test('the last mark of a goodbye is waited for one second after it should have been played', () => {
  expect(goodbyeIn('spoken', null, 2000, 1000)).toEqual({ name: 'spoken', untilMs: 4000 });
});
