import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../src/encoding/base64.ts';

const piece = fc.uint8Array({ minLength: 1, maxLength: 3_000 });

describe('decodeBase64', () => {
  test('gives back what was encoded, whatever was decoded in between', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expect(pieces.map((bytes) => decodeBase64(encodeBase64(bytes)))).toStrictEqual(pieces);
      }),
    );
  });

  test.each(['', 'AAA', 'AA=A', 'A===', 'AA\nA', '_-8=', 'AA*A', 'AAAA====', 'ÄAAA'])('takes no %j', (text) => {
    expect(decodeBase64(text)).toBeNull();
  });

  // A frame that a call kept held a slab of 64 kB through which the sound of all calls had gone: a megabyte for each call.
  test('holds little memory with a frame that is kept', () => {
    const frame = encodeBase64(new Uint8Array(160));
    const held = new Map<ArrayBufferLike, number>();
    for (let count = 0; count < 600; count += 1) {
      const audio = decodeBase64(frame);
      if (audio !== null) held.set(audio.buffer, audio.buffer.byteLength);
      encodeBase64(Buffer.from('x'.repeat(900)));
    }
    const heldBytes = [...held.values()].reduce((sum, bytes) => sum + bytes, 0);
    expect(heldBytes).toBeLessThan(600 * 160 + 2 * 8_192);
  });
});
