import { scalarFrame } from './scalar/scalar-frame.ts';
import { ScalarNetwork } from './scalar/scalar-network.ts';
import { simdFrame } from './simd/simd-frame.ts';
import { simdNetwork } from './simd/simd-network.ts';
import type { FrameArithmetic } from './frame-arithmetic.ts';
import type { NetworkWeights, VoiceNetwork } from './voice-network.ts';

/** The fastest that this machine can do with a frame. Both kinds that there are give the same bits. */
export const frameArithmetic: FrameArithmetic = simdFrame() ?? scalarFrame;

/** The fastest network with these weights on this machine. */
export function networkOf(weights: NetworkWeights): VoiceNetwork {
  return simdNetwork(weights) ?? new ScalarNetwork(weights);
}
