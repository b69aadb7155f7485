import type { AudioFilters } from './block-filters.ts';
import type { MulawCodec } from './mulaw.ts';
import { scalarFilters } from './scalar/scalar-filters.ts';
import { simdFilters } from './simd/simd-filters.ts';

/** Raised whenever the filters give other bits than before, so that a recorded call tells which ones made its sound. */
export const filterVersion = 1;

/** The fastest filters that this machine can run. */
export function filtersFor(codec: MulawCodec): AudioFilters {
  return simdFilters(codec) ?? scalarFilters(codec);
}
