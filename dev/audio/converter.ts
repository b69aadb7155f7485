import { AgentDownsampler } from '../../src/audio/resample-down.ts';
import type { MulawCodec } from '../../src/audio/mulaw.ts';
import { roundToPcm16 } from '../../src/audio/pcm16.ts';
import { UpFilter } from '../../src/audio/scalar/up-filter.ts';

/** One direction's sound of one call. What comes out belongs to the caller of `push`. */
export interface PcmStream {
  push(samples: Int16Array): Int16Array;
  /** What is still held back at the end; empty where a package has no way to ask for it. */
  end(): Int16Array;
}

/** A way to change the sampling rate of PCM16, before or after mu-law, as the measurements see it. */
export interface Converter {
  readonly fromHz: number;
  readonly toHz: number;
  /** What a call pushes at a time: 20 ms of the caller, 40 ms of the agent. */
  readonly chunkSamples: number;
  /** Begins a stream. A package that keeps one stream per process forgets the one before. */
  open(): PcmStream;
}

export const upRates = { fromHz: 8000, toHz: 16_000, chunkSamples: 160 };
export const downRates = { fromHz: 24_000, toHz: 8000, chunkSamples: 960 };

/** The filter behind CallerUpsampler, fed with PCM16 where that one decodes mu-law. */
export const ownUp: Converter = {
  ...upRates,
  open() {
    const filter = new UpFilter();
    const push = (samples: Int16Array): Int16Array => {
      const output = new Int16Array(2 * samples.length);
      for (let start = 0; start < samples.length; start += UpFilter.blockSamples) {
        const block = samples.subarray(start, start + UpFilter.blockSamples);
        filter.input.set(block);
        filter.run(block.length);
        output.set(filter.output.subarray(0, 2 * block.length).map(roundToPcm16), 2 * start);
      }
      return output;
    };
    return { push, end: () => push(new Int16Array(29)) };
  },
};

/**
 * AgentDownsampler as calls use it. Two run side by side, one with a table that gives the high byte of a sample where
 * mu-law would stand, one with the low byte: together they show the sample that mu-law is made from.
 */
export const ownDown: Converter = {
  ...downRates,
  open() {
    const high = new AgentDownsampler(byteCodec(8));
    const low = new AgentDownsampler(byteCodec(0));
    return {
      push(samples) {
        const bytes = toBytes(samples);
        return joinBytes(high.push(bytes), low.push(bytes));
      },
      end: () => joinBytes(high.flush(), low.flush()),
    };
  },
};

export function toBytes(samples: Int16Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** The whole sound, pushed in pieces of the sizes that `cuts` gives in turn, with what comes at the end. */
export function convert(converter: Converter, input: Int16Array, cuts = [converter.chunkSamples]): Int16Array {
  const stream = converter.open();
  const pieces: Int16Array[] = [];
  for (let start = 0, i = 0; start < input.length; i++) {
    const end = start + (cuts[i % cuts.length] ?? input.length);
    pieces.push(stream.push(input.slice(start, end)));
    start = end;
  }
  pieces.push(stream.end());
  return joined(pieces);
}

function joined(pieces: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let start = 0;
  for (const piece of pieces) {
    whole.set(piece, start);
    start += piece.length;
  }
  return whole;
}

function joinBytes(highs: Uint8Array, lows: Uint8Array): Int16Array {
  return Int16Array.from(highs, (byte, i) => (byte << 8) | (lows[i] ?? 0));
}

function byteCodec(shift: number): MulawCodec {
  return {
    decode: new Float64Array(256),
    encode: Uint8Array.from({ length: 65_536 }, (_, index) => (index - 32_768) >> shift),
  };
}
