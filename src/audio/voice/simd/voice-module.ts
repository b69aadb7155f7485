import type { WasmEngine } from '../../simd/wasm-engine.ts';
import { voiceBinary } from './voice-binary.ts';

/** What `voice.wat` does. */
interface VoiceExports {
  readonly measure: () => void;
  readonly score: (inputs: number, groups: number) => number;
}

/** One instance of it. */
export interface VoiceModule extends VoiceExports {
  /** Its memory, in numbers of 64 bits. */
  readonly numbers: Float64Array;
}

declare const WebAssembly: WasmEngine<VoiceExports> | undefined;

const engine = typeof WebAssembly === 'undefined' || !WebAssembly.validate(voiceBinary) ? null : WebAssembly;
const compiled = engine === null ? null : new engine.Module(voiceBinary);

/** An instance with a memory of its own; null where WebAssembly or its SIMD is missing. */
export function voiceModule(): VoiceModule | null {
  if (engine === null || compiled === null) return null;
  const { memory, measure, score } = new engine.Instance(compiled).exports;
  return { numbers: new Float64Array(memory.buffer), measure, score };
}
