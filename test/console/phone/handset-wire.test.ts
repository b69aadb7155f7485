import { expect, test } from 'vitest';
import {
  FrameCount,
  pictureMessage,
  readBinaryMessage,
  soundMessage,
} from '../../../src/console/phone/handset-wire.ts';

test('sound and pictures come out as they went in', () => {
  const audio = Uint8Array.from({ length: 160 }, (_, index) => index);
  const message = Buffer.concat([Buffer.alloc(3), soundMessage(4_000_000_000, audio)]).subarray(3);
  const read = readBinaryMessage(message);
  expect(read?.kind === 'sound' && [read.number, Uint8Array.from(read.audio)]).toEqual([4_000_000_000, audio]);
  expect(readBinaryMessage(pictureMessage(Uint8Array.of(1, 2)))).toEqual({
    kind: 'picture',
    jpeg: Uint8Array.of(1, 2),
  });
});

test.for([[[]], [[1]], [[2]], [[3, 1]], [[1, 0, 0, 0, 0, 1]]])('%j is nothing of ours', ([bytes = []]) => {
  expect(readBinaryMessage(Uint8Array.from(bytes))).toBeNull();
});

test.for<[number[], object]>([
  [[0, 1, 2], { frames: 3, lost: 0, doubled: 0 }],
  [[0, 2, 3], { frames: 3, lost: 1, doubled: 0 }],
  [[0, 1, 1, 2], { frames: 3, lost: 0, doubled: 1 }],
  [[2, 1, 6], { frames: 2, lost: 5, doubled: 1 }],
])('of the frames %j it counts %j', ([numbers, counts]) => {
  const count = new FrameCount();
  for (const number of numbers) count.take(number);
  expect(count).toMatchObject(counts);
});
