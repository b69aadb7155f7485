import { codec } from '../../audio/codec.ts';
import { frameSamples } from '../sounds/signal.ts';
import { type Contender, heardOf } from './contender.ts';

/** "Very aggressive": the mode that takes the least noise for a voice. */
const mode = 3;

const frameMs = 20;

/** What of the package is used: C functions whose numbers are addresses. It has no types of its own. */
interface Fvad {
  readonly _fvad_new: () => number;
  readonly _fvad_free: (detector: number) => void;
  readonly _fvad_set_mode: (detector: number, mode: number) => number;
  readonly _fvad_set_sample_rate: (detector: number, sampleRateHz: number) => number;
  /** 1 for a voice, 0 for none. */
  readonly _fvad_process: (detector: number, samples: number, length: number) => number;
  readonly _malloc: (bytes: number) => number;
  readonly HEAP16: Int16Array;
}

/** The voice detector of WebRTC, compiled to WebAssembly. It hears nothing of what the agent plays. */
export async function createWebrtcContender(): Promise<Contender> {
  // @ts-expect-error The package has no types.
  const { default: createFvad } = await import('@echogarden/fvad-wasm');
  const fvad: Fvad = await createFvad();
  const { _malloc: allocate, _fvad_new: create, _fvad_free: free } = fvad;
  const { _fvad_set_mode: setMode, _fvad_set_sample_rate: setSampleRate, _fvad_process: judge } = fvad;
  const samples = allocate(2 * frameSamples);
  return {
    name: 'WebRTC, mode 3',
    async hear(near) {
      const detector = create();
      setMode(detector, mode);
      setSampleRate(detector, 8000);
      const isVoice: boolean[] = [];
      for (let at = 0; at + frameSamples <= near.length; at += frameSamples) {
        for (let i = 0; i < frameSamples; i++) fvad.HEAP16[samples / 2 + i] = codec.decode[near[at + i] ?? 0] ?? 0;
        isVoice.push(judge(detector, samples, frameSamples) === 1);
      }
      free(detector);
      return Promise.resolve(heardOf(isVoice, frameMs));
    },
  };
}
