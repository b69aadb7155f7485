import type { DownBlocks, AudioFilters, UpBlocks } from '../block-filters.ts';
import type { MulawCodec } from '../mulaw.ts';
import { downCentreTap, downTaps, upTaps } from '../taps.ts';
import type { WasmEngine } from './wasm-engine.ts';
import { filterBinary } from './filter-binary.ts';

// As `filters.wat` has it.
const decodeTable = 65_536;
const upTable = 66_048;
const downTables = [66_304, 66_560] as const;
const earlier = 66_816;
const incoming = 67_328;
const outgoing = 70_400;

/** What a filter keeps of its earlier samples, in bytes. */
const upEarlierBytes = 2 * 57;
const downEarlierBytes = 2 * (57 + 57 + 28);

/** Taps that one sum takes. What the filters have fewer is zero. */
const sumTaps = 64;

/** What one step of a high half is worth. */
export const lowUnity = 1024;

interface FilterExports {
  readonly up: (codes: number) => void;
  readonly down: (triples: number, centreTap: number) => void;
}

interface FilterModule extends FilterExports {
  readonly memory: Uint8Array;
  /** Where the filter that runs has its earlier samples. */
  readonly upEarlier: Uint8Array;
  readonly downEarlier: Uint8Array;
  /** What came out last. */
  out: Uint8Array;
}

declare const WebAssembly: WasmEngine<FilterExports> | undefined;

/** One for each codec, which all calls share: a filter keeps its earlier samples itself. */
const modules = new WeakMap<MulawCodec, FilterModule>();

/** The filters eight samples at a time; null where WebAssembly or its SIMD is missing. */
export function simdFilters(codec: MulawCodec): AudioFilters | null {
  const module = modules.get(codec) ?? instantiate(codec);
  if (module === null) return null;
  modules.set(codec, module);
  return { up: () => new SimdUp(module), down: () => new SimdDown(module) };
}

function instantiate({ decode, encode }: MulawCodec): FilterModule | null {
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(filterBinary)) return null;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(filterBinary));
  const memory = new Uint8Array(exports.memory.buffer);
  memory.set(encode, 0);
  memory.set(littleEndian(decode), decodeTable);
  // The nearest tap of either side stands in the middle.
  memory.set(halves([...upTaps.toReversed(), ...upTaps]), upTable);
  const near = downTaps.filter((_tap, index) => index % 2 === 0);
  const far = downTaps.filter((_tap, index) => index % 2 === 1);
  memory.set(halves([...far.toReversed(), ...near]), downTables[0]);
  memory.set(halves([...near.toReversed(), ...far]), downTables[1]);
  return {
    memory,
    upEarlier: memory.subarray(earlier, earlier + upEarlierBytes),
    downEarlier: memory.subarray(earlier, earlier + downEarlierBytes),
    out: memory.subarray(outgoing, outgoing),
    up: exports.up,
    down: exports.down,
  };
}

/** The high halves of taps, then the low ones, each filled up with zeros. */
function halves(taps: readonly number[]): Uint8Array {
  const high = taps.map((tap) => Math.round(tap / lowUnity));
  const low = taps.map((tap, index) => tap - lowUnity * (high[index] ?? 0));
  const padding = Array.from({ length: sumTaps - taps.length }, () => 0);
  return littleEndian([...high, ...padding, ...low, ...padding]);
}

function littleEndian(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(2 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setInt16(2 * i, values[i] ?? 0, true);
  return bytes;
}

class SimdUp implements UpBlocks {
  readonly #module: FilterModule;
  readonly #earlier = new Uint8Array(upEarlierBytes);

  constructor(module: FilterModule) {
    this.#module = module;
  }

  convert(mulaw: Uint8Array, from: number, codes: number, pcm16k: Uint8Array): void {
    const { memory, upEarlier } = this.#module;
    upEarlier.set(this.#earlier);
    memory.set(part(mulaw, from, codes), incoming);
    this.#module.up(codes);
    copyOut(this.#module, pcm16k, 4 * from, 4 * codes);
    this.#earlier.set(upEarlier);
  }

  reset(): void {
    this.#earlier.fill(0);
  }
}

class SimdDown implements DownBlocks {
  readonly #module: FilterModule;
  readonly #earlier = new Uint8Array(downEarlierBytes);

  constructor(module: FilterModule) {
    this.#module = module;
  }

  convert(pcm24k: Uint8Array, from: number, triples: number, mulaw: Uint8Array, to: number): void {
    const { memory, downEarlier } = this.#module;
    downEarlier.set(this.#earlier);
    memory.set(part(pcm24k, from, 6 * triples), incoming);
    this.#module.down(triples, downCentreTap);
    copyOut(this.#module, mulaw, to, triples);
    this.#earlier.set(downEarlier);
  }

  reset(): void {
    this.#earlier.fill(0);
  }
}

/** Most chunks are taken whole, and then need no view of their own. */
function part(bytes: Uint8Array, from: number, length: number): Uint8Array {
  return from === 0 && length === bytes.length ? bytes : bytes.subarray(from, from + length);
}

/** Most chunks are as long as the one before, and share its view. */
function copyOut(module: FilterModule, target: Uint8Array, to: number, length: number): void {
  if (module.out.length !== length) module.out = module.memory.subarray(outgoing, outgoing + length);
  target.set(module.out, to);
}
