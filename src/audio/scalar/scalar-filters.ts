import type { DownBlocks, AudioFilters, UpBlocks } from '../block-filters.ts';
import type { MulawCodec } from '../mulaw.ts';
import { roundToPcm16 } from '../pcm16.ts';
import { DownFilter } from './down-filter.ts';
import { UpFilter } from './up-filter.ts';

/** The filters one sample at a time, for machines without SIMD. */
export function scalarFilters({ decode, encode }: MulawCodec): AudioFilters {
  return { up: () => new ScalarUp(decode), down: () => new ScalarDown(encode) };
}

class ScalarUp implements UpBlocks {
  readonly #decode: MulawCodec['decode'];
  readonly #filter = new UpFilter();

  constructor(decode: MulawCodec['decode']) {
    this.#decode = decode;
  }

  convert(mulaw: Uint8Array, from: number, codes: number, pcm16k: Uint8Array): void {
    const { input, output } = this.#filter;
    for (let i = 0; i < codes; i++) input[i] = this.#decode[mulaw[from + i] ?? 0] ?? 0;
    this.#filter.run(codes);
    for (let i = 0, byte = 4 * from; i < 2 * codes; i++, byte += 2) {
      const sample = roundToPcm16(output[i] ?? 0);
      pcm16k[byte] = sample;
      pcm16k[byte + 1] = sample >> 8;
    }
  }

  reset(): void {
    this.#filter.reset();
  }
}

class ScalarDown implements DownBlocks {
  readonly #encode: MulawCodec['encode'];
  readonly #filter = new DownFilter();

  constructor(encode: MulawCodec['encode']) {
    this.#encode = encode;
  }

  convert(pcm24k: Uint8Array, from: number, triples: number, mulaw: Uint8Array, to: number): void {
    const { input, output } = this.#filter;
    for (let i = 0, byte = from; i < 3 * triples; i++, byte += 2) {
      // Shifting up and back carries the sign bit of the high byte.
      input[i] = (((pcm24k[byte + 1] ?? 0) << 24) >> 16) | (pcm24k[byte] ?? 0);
    }
    this.#filter.run(triples);
    for (let i = 0; i < triples; i++) mulaw[to + i] = this.#encode[roundToPcm16(output[i] ?? 0) + 32_768] ?? 0;
  }

  reset(): void {
    this.#filter.reset();
  }
}
