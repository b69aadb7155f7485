import { expect, test } from 'vitest';
import { voiceSource, wasmBinaryFile } from '../../../../dev/audio/wasm-binary.ts';

test('voice-binary.ts holds what voice.wat says, to the last byte', async () => {
  const file = await wasmBinaryFile(voiceSource);
  await expect(file).toMatchFileSnapshot('../../../../src/audio/voice/simd/voice-binary.ts');
});
