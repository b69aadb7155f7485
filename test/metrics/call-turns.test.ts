import { expect, test } from 'vitest';
import { CallTurns } from '../../src/metrics/call-turns.ts';
import { shippedComfortSounds } from '../../src/sounds/comfort-sounds.ts';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';

test.for<readonly [sentMs: number, interrupted: number]>([
  [2_000, 1],
  [0, 0],
])('a caller for whom %s ms of a reply were cut has interrupted the agent %s times', ([sentMs, interrupted]) => {
  const turns = new CallTurns(mulawCodec, shippedComfortSounds);
  const fields = { by: 'ear', why: 'speech', sentMs, heardMs: 0 };
  const news = turns.take({ type: 'tick', atMs: 5_000 }, [{ type: 'note', level: 'info', name: 'bargeIn', fields }]);
  expect(news.filter(({ kind }) => kind === 'bargeIn')).toHaveLength(interrupted);
});
