import { expect, test } from 'vitest';
import { mulawCode, mulawSample } from '../../../../web/phone/sound/g711.ts';
import { mulawCodec } from '../../../../src/sounds/mulaw-codec.ts';

test('the page codes sound as the service does, sample for sample', () => {
  const codes = Uint8Array.from({ length: 65_536 }, (_, index) => mulawCode(index - 32_768));
  expect(codes).toEqual(mulawCodec.encode);
  const samples = Float64Array.from({ length: 256 }, (_, code) => mulawSample(code) + 0);
  expect(samples).toEqual(mulawCodec.decode.map((sample) => sample + 0));
});
