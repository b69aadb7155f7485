import { roundToPcm16 } from '../../src/audio/pcm16.ts';
import { type Converter, downRates, ownDown, ownUp, type PcmStream, upRates } from './converter.ts';

/** Both directions of one package, or ours. */
export interface Candidate {
  readonly up: Converter;
  readonly down: Converter;
}

/**
 * What the registry offers for the job, each with a quality setting that could serve a call. A package is loaded only in
 * the process that measures it, so that none slows another down.
 */
export const candidates: ReadonlyMap<string, () => Promise<Candidate>> = new Map([
  ['parley', () => Promise.resolve({ up: ownUp, down: ownDown })],
  ['libsamplerate-js medium', () => libsamplerate('SRC_SINC_MEDIUM_QUALITY')],
  ['libsamplerate-js fastest', () => libsamplerate('SRC_SINC_FASTEST')],
  ['speex-resampler 7', () => speex(7)],
  ['speex-resampler 10', () => speex(10)],
  ['wave-resampler cubic', waveResampler],
]);

async function bothWays(open: (rates: typeof upRates) => Promise<() => PcmStream>): Promise<Candidate> {
  return {
    up: { ...upRates, open: await open(upRates) },
    down: { ...downRates, open: await open(downRates) },
  };
}

const nothingHeld = (): Int16Array => new Int16Array();

async function libsamplerate(quality: 'SRC_SINC_MEDIUM_QUALITY' | 'SRC_SINC_FASTEST'): Promise<Candidate> {
  const { default: package_ } = await import('@alexanderolsen/libsamplerate-js');
  const converterType = package_.ConverterType[quality];
  return bothWays(async ({ fromHz, toHz }) => {
    const converter = await package_.create(1, fromHz, toHz, { converterType });
    return () => {
      // Setting any property begins anew.
      converter.converterType = converterType;
      return {
        push: (samples) => {
          const input = new Float32Array(samples.length);
          for (let i = 0; i < input.length; i++) input[i] = (samples[i] ?? 0) / 32_768;
          return rounded(converter.full(input), 32_768);
        },
        end: nothingHeld,
      };
    };
  });
}

async function speex(quality: number): Promise<Candidate> {
  const { default: package_ } = await import('speex-resampler');
  const SpeexResampler = package_.default;
  await SpeexResampler.initPromise;
  return bothWays(({ fromHz, toHz }) =>
    Promise.resolve(() => {
      const resampler = new SpeexResampler(1, fromHz, toHz, quality);
      return {
        push: (samples) => {
          const output = resampler.processChunk(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
          return new Int16Array(output.buffer, output.byteOffset, output.length >> 1);
        },
        end: nothingHeld,
      };
    }),
  );
}

async function waveResampler(): Promise<Candidate> {
  const { default: package_ } = await import('wave-resampler');
  return bothWays(({ fromHz, toHz }) =>
    Promise.resolve(() => ({
      // It filters its input in place, where an Int16Array would wrap.
      push: (samples) => rounded(package_.resample(new Float64Array(samples), fromHz, toHz), 1),
      end: nothingHeld,
    })),
  );
}

function rounded(values: ArrayLike<number>, scale: number): Int16Array {
  const samples = new Int16Array(values.length);
  for (let i = 0; i < samples.length; i++) samples[i] = roundToPcm16(scale * (values[i] ?? 0));
  return samples;
}
