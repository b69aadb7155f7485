import { readFileSync } from 'node:fs';
import wabt from 'wabt';
import { listing } from '../../src/audio/design-taps.ts';

/** A module that is written by hand: its source below `src/audio`, the constant that holds its bytes and what that is, and the test that makes it. */
interface WasmSource {
  readonly path: string;
  readonly constant: string;
  readonly what: string;
  readonly test: string;
}

export const filterSource: WasmSource = {
  path: 'simd/filters.wat',
  constant: 'filterBinary',
  what: 'The filters as WebAssembly.',
  test: 'test/audio/simd',
};

export const voiceSource: WasmSource = {
  path: 'voice/simd/voice.wat',
  constant: 'voiceBinary',
  what: 'What the ear does for each frame, as WebAssembly.',
  test: 'test/audio/voice/simd',
};

/** The text of the file with the bytes of a module. */
export async function wasmBinaryFile({ path, constant, what, test }: WasmSource): Promise<string> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const source = readFileSync(new URL(`../../src/audio/${path}`, import.meta.url), 'utf8');
  const module = (await wabt()).parseWat(name, source, { simd: true, bulk_memory: true });
  const { buffer } = module.toBinary({});
  return `// Made of ${name}, where changes go: npx vitest run ${test} -u

/** ${what} */
export const ${constant} = new Uint8Array(${listing([...buffer])});
`;
}
