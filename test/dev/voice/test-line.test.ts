import { expect, test } from 'vitest';
import { loseFrames } from '../../../dev/voice/lines/encoded.ts';
import { type LineOrder, makeLines } from '../../../dev/voice/lines/test-line.ts';
import { activePower } from '../../../dev/voice/sounds/level.ts';
import { fractionsOf } from '../../../dev/voice/sounds/signal.ts';
import { decoded } from '../../../dev/voice/sounds/talkers.ts';

const order: LineOrder = { half: 'tuned', beside: 'fan', snrDb: 15, seed: 3, isRough: false };

function firstLine(changes: Partial<LineOrder>) {
  const [line] = makeLines({ ...order, ...changes });
  if (line === undefined) throw new Error('No line');
  return line;
}

const usual = firstLine({});

const levelDb = (sound: Float64Array): number => 10 * Math.log10(activePower(sound));

test('a caller speaks so many dB over the noise as was ordered', () => {
  const { near, spans } = usual;
  const [first] = spans;
  const sound = decoded(near);
  const [fromMs, toMs] = [first?.onsetMs ?? 0, first?.endMs ?? 0];
  const noise = levelDb(sound.subarray(0, 8 * (fromMs - 300)));
  const speech = levelDb(sound.subarray(8 * fromMs, 8 * toMs));
  expect(spans).toHaveLength(8);
  expect(speech - noise).toBeGreaterThan(14);
  expect(speech - noise).toBeLessThan(17);
});

test('the agent plays what comes back as an echo, later and softer', () => {
  const { near, far } = firstLine({ beside: 'echo', snrDb: 30 });
  expect(far).toHaveLength(near.length);
  expect(levelDb(decoded(far))).toBeGreaterThan(levelDb(decoded(near).subarray(0, 8_000)) + 10);
});

test('the same order gives the same line, another seed another one', () => {
  expect(Buffer.compare(firstLine({}).near, usual.near)).toBe(0);
  expect(Buffer.compare(firstLine({ seed: 4 }).near, usual.near)).not.toBe(0);
});

test('two of a hundred frames are lost, some in a row', () => {
  const frames = 20_000;
  const left = loseFrames(new Uint8Array(160 * frames).fill(0x55), fractionsOf(5));
  const isLost = Array.from({ length: frames }, (_, frame) => left[160 * frame] === 0xff);
  const lost = isLost.filter(Boolean).length;
  const bursts = isLost.filter((one, frame) => one && isLost[frame - 1] !== true).length;
  expect(lost / frames).toBeCloseTo(0.02, 2);
  expect(lost / bursts).toBeCloseTo(3, 0);
});
