import { describe, expect, test } from 'vitest';
import { toBytes } from '../../dev/audio/converter.ts';
import { readWav, writeWav } from '../../src/audio/wav.ts';

const samples = Int16Array.of(0, 1, -1, 32_767, -32_768, 258);
const file = writeWav({ sampleRateHz: 24_000, channels: 2, samples });

describe('a WAV file', () => {
  test('is read as it was written', () => {
    expect(readWav(file)).toEqual({ sampleRateHz: 24_000, channels: 2, encoding: 'pcm16', data: toBytes(samples) });
  });

  test('has the canonical 44-byte header', () => {
    const header = [
      ['52494646', '30000000', '57415645'], // RIFF, 48 bytes follow, WAVE
      ['666d7420', '10000000', '0100', '0200', 'c05d0000', '00770100', '0400', '1000'], // PCM, 2 channels, 24 kHz, 16 bits
      ['64617461', '0c000000'], // data, 12 bytes
    ];
    expect(Buffer.from(file.subarray(0, 44)).toString('hex')).toBe(header.flat().join(''));
  });

  test('may be a view at an odd offset, with other chunks of odd length in between', () => {
    const note = Buffer.concat([Buffer.from('LIST'), Buffer.of(3, 0, 0, 0), Buffer.from('abc'), Buffer.of(0)]);
    const shifted = Buffer.concat([Buffer.of(9), file.subarray(0, 36), note, file.subarray(36)]).subarray(1);
    expect([...readWav(shifted).data]).toEqual([...toBytes(samples)]);
  });

  test('may hold mu-law, or name its encoding in an extended header', () => {
    const mulaw = writeFormat(7, 8);
    expect(readWav(mulaw).encoding).toBe('mulaw');
    const extension = Buffer.alloc(24);
    extension.writeUInt16LE(22, 0);
    extension.writeUInt16LE(1, 8);
    const extended = Buffer.concat([writeFormat(0xfffe, 16).subarray(0, 36), extension, file.subarray(36)]);
    extended.writeUInt32LE(40, 16);
    expect(readWav(extended)).toMatchObject({ encoding: 'pcm16', data: Buffer.from(toBytes(samples)) });
  });

  test('that was cut off gives what is there', () => {
    expect(readWav(file.subarray(0, 50)).data).toEqual(toBytes(samples).subarray(0, 6));
  });

  test.each([
    ['nothing', new Uint8Array(), /does not begin with a RIFF/],
    ['another file', new Uint8Array(100), /does not begin with a RIFF/],
    ['24-bit samples', writeFormat(1, 24), /neither PCM16 nor mu-law: format tag 1, 24 bits/],
    ['a header alone', file.subarray(0, 36), /has no data/],
    ['half a format', file.subarray(0, 30), /format is cut off/],
    ['data before the format', Buffer.concat([file.subarray(0, 12), file.subarray(36)]), /data before its format/],
  ])('is refused in words when it is %s', (_, bytes, message) => {
    expect(() => readWav(bytes)).toThrow(RangeError);
    expect(() => readWav(bytes)).toThrow(message);
  });
});

/** The file with another format tag and sample size in its header. */
function writeFormat(tag: number, sampleBits: number): Buffer {
  const changed = Buffer.from(file);
  changed.writeUInt16LE(tag, 20);
  changed.writeUInt16LE(sampleBits, 34);
  return changed;
}
