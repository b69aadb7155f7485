import { expect, test } from 'vitest';
import { filterSource, wasmBinaryFile } from '../../../dev/audio/wasm-binary.ts';

test('filter-binary.ts holds what filters.wat says, to the last byte', async () => {
  const file = await wasmBinaryFile(filterSource);
  await expect(file).toMatchFileSnapshot('../../../src/audio/simd/filter-binary.ts');
});
