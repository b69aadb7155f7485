import { expect, test } from 'vitest';
import { filterBinaryFile } from '../../../dev/audio/filter-binary.ts';

test('filter-binary.ts holds what filters.wat says, to the last byte', async () => {
  await expect(filterBinaryFile()).resolves.toMatchFileSnapshot('../../../src/audio/simd/filter-binary.ts');
});
