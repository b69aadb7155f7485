import { expect, test } from 'vitest';
import { callWav, callWavPieces } from '../../src/audio/call-wav.ts';
import { readWav } from '../../src/audio/wav.ts';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';

const said = Uint8Array.from({ length: 20_001 }, (_, at) => at % 256);
const heard = Uint8Array.from({ length: 9_000 }, (_, at) => (7 * at) % 256);

test('both sides of a call stand side by side, and the shorter one ends in silence', () => {
  const { data, ...shape } = readWav(callWav({ said, heard }, mulawCodec));
  expect(shape).toEqual({ sampleRateHz: 8_000, channels: 2, encoding: 'pcm16' });
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const side = (first: number) =>
    Int16Array.from({ length: data.length / 4 }, (_, at) => view.getInt16(4 * at + first, true));
  expect(side(0)).toEqual(samplesOf(said));
  expect(side(2).subarray(0, heard.length)).toEqual(samplesOf(heard));
  expect(side(2).subarray(heard.length)).toEqual(new Int16Array(said.length - heard.length));
});

test('a call without sound is a file without samples', () => {
  expect(readWav(callWav({ said: new Uint8Array(), heard: new Uint8Array() }, mulawCodec)).data).toHaveLength(0);
});

test('no piece holds more than a second, and none is made before it is wanted', () => {
  const hour = new Uint8Array(60 * 60 * 8_000);
  const pieces = callWavPieces({ said: hour, heard: hour }, mulawCodec);
  expect(pieces.next().value).toHaveLength(44);
  expect(pieces.next().value).toHaveLength(32_000);
  expect([...callWavPieces({ said, heard }, mulawCodec)].map(({ length }) => length)).toEqual([
    44, 32_000, 32_000, 16_004,
  ]);
});

function samplesOf(audio: Uint8Array): Int16Array {
  return Int16Array.from(audio, (code) => mulawCodec.decode[code] ?? 0);
}
