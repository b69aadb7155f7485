import { readFileSync } from 'node:fs';
import wabt from 'wabt';
import { listing } from '../../src/audio/design-taps.ts';

const source = new URL('../../src/audio/simd/filters.wat', import.meta.url);

/** The text of `src/audio/simd/filter-binary.ts`, made of `filters.wat`. */
export async function filterBinaryFile(): Promise<string> {
  const wat = await wabt();
  const module = wat.parseWat('filters.wat', readFileSync(source, 'utf8'), { simd: true, bulk_memory: true });
  const { buffer } = module.toBinary({});
  return `// Made of filters.wat, where changes go: npx vitest run test/audio/simd -u

/** The filters as WebAssembly. */
export const filterBinary = new Uint8Array(${listing([...buffer])});
`;
}
