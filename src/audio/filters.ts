import type { AudioFilters } from './block-filters.ts';
import type { MulawCodec } from './mulaw.ts';
import { scalarFilters } from './scalar/scalar-filters.ts';
import { simdFilters } from './simd/simd-filters.ts';

/** The fastest filters that this machine can run. */
export function filtersFor(codec: MulawCodec): AudioFilters {
  return simdFilters(codec) ?? scalarFilters(codec);
}
