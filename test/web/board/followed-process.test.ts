import { expect, test } from 'vitest';
import { FollowedProcess } from '../../../web/board/followed-process.ts';

test.each([
  ['at once', ['a', 'b'], [false, true]],
  ['after nobody had it for a moment', ['a', null, null, 'b'], [false, false, false, true]],
  ['and back', ['a', null, 'b', 'a'], [false, false, true, true]],
])('a call that moves to another process %s is followed there', (_how, named, moves) => {
  const followed = new FollowedProcess('a');
  expect(named.map((name) => followed.moves(name))).toEqual(moves);
});

test('a call is not followed anew when its process becomes known, or when the same one has it again', () => {
  const followed = new FollowedProcess(null);
  expect([null, 'a', null, 'a'].map((name) => followed.moves(name))).toEqual([false, false, false, false]);
});
