import { AgentDownsampler } from '../../src/audio/resample-down.ts';
import { CallerUpsampler } from '../../src/audio/resample-up.ts';
import { codec } from './codec.ts';
import { type Candidate } from './alternatives.ts';
import { downRates, toBytes, upRates } from './converter.ts';

/** What a call's conversions cost, from the bytes of one socket to the bytes of the other, mu-law included. */
export interface Speed {
  readonly upNsPerSample: number;
  readonly downNsPerSample: number;
  /** CPU time for one second of a call that speaks both ways. */
  readonly callMsPerSecond: number;
  /** Memory for the collector beyond the output itself, per second of sound. */
  readonly upGarbageBytes: number;
  readonly downGarbageBytes: number;
}

/** One direction of one call. */
type Convert = (bytes: Uint8Array) => Uint8Array;

/** How both directions of a call are opened. */
export interface CallConverters {
  openUp(): Convert;
  openDown(): Convert;
}

export const ownConverters: CallConverters = {
  openUp() {
    const upsampler = new CallerUpsampler(codec);
    return (bytes) => upsampler.push(bytes);
  },
  openDown() {
    const downsampler = new AgentDownsampler(codec);
    return (bytes) => downsampler.push(bytes);
  },
};

/** A package between our mu-law tables, as a call would have to use it. */
export function withMulaw({ up, down }: Candidate): CallConverters {
  return {
    openUp() {
      const stream = up.open();
      return (codes) => {
        const samples = new Int16Array(codes.length);
        for (let i = 0; i < samples.length; i++) samples[i] = codec.decode[codes[i] ?? 0] ?? 0;
        return toBytes(stream.push(samples));
      };
    },
    openDown() {
      const stream = down.open();
      return (bytes) => {
        const samples = stream.push(new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1));
        const codes = new Uint8Array(samples.length);
        for (let i = 0; i < codes.length; i++) codes[i] = codec.encode[(samples[i] ?? 0) + 32_768] ?? 0;
        return codes;
      };
    },
  };
}

/** Sound of either direction is measured for this long; CPU time is read in microseconds. */
const measuredSeconds = 40;

/** Long enough for the compilers of JavaScript and WebAssembly to have settled. */
const warmUpSeconds = 60;

/** Short, so that no collection falls into it with the young generation that the bench gives each process. */
const garbageSeconds = 2;

export function measureSpeed(converters: CallConverters): Speed {
  const frame = noise(upRates.chunkSamples);
  const chunk = noise(2 * downRates.chunkSamples);
  const up = repeat(converters.openUp(), frame, upRates);
  const down = repeat(converters.openDown(), chunk, downRates);
  const [callUp, callDown] = [converters.openUp(), converters.openDown()];
  // An agent's chunk is as long as two of the caller's frames.
  const call = (seconds: number): void => {
    for (let i = 0; i < 25 * seconds; i++) {
      callUp(frame);
      callUp(frame);
      callDown(chunk);
    }
  };
  for (const run of [up, down, call]) run(warmUpSeconds);
  return {
    upNsPerSample: (1e9 * cpuSeconds(up)) / upRates.toHz,
    downNsPerSample: (1e9 * cpuSeconds(down)) / downRates.toHz,
    callMsPerSecond: 1000 * cpuSeconds(call),
    upGarbageBytes: garbageBytes(up) - 2 * upRates.toHz,
    downGarbageBytes: garbageBytes(down) - downRates.toHz,
  };
}

/** Nanoseconds per sample of the tables alone, in a reused buffer. */
export function measureMulaw(): { decodeNs: number; encodeNs: number } {
  const codes = noise(8000);
  const samples = new Float64Array(codes.length);
  const decode = (seconds: number): void => {
    for (let second = 0; second < 10 * seconds; second++) {
      for (let i = 0; i < codes.length; i++) samples[i] = codec.decode[codes[i] ?? 0] ?? 0;
    }
  };
  const encode = (seconds: number): void => {
    for (let second = 0; second < 10 * seconds; second++) {
      for (let i = 0; i < codes.length; i++) codes[i] = codec.encode[(samples[i] ?? 0) + 32_768] ?? 0;
    }
  };
  for (const run of [decode, encode]) run(warmUpSeconds * 10);
  return { decodeNs: (1e8 * cpuSeconds(decode)) / codes.length, encodeNs: (1e8 * cpuSeconds(encode)) / codes.length };
}

function repeat(convert: Convert, bytes: Uint8Array, rates: typeof upRates): (seconds: number) => void {
  const chunksPerSecond = rates.fromHz / rates.chunkSamples;
  return (seconds) => {
    for (let i = 0; i < chunksPerSecond * seconds; i++) convert(bytes);
  };
}

/** CPU seconds for one second of sound. */
function cpuSeconds(run: (seconds: number) => void): number {
  const before = process.cpuUsage();
  run(measuredSeconds);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / measuredSeconds;
}

/** Bytes allocated for one second of sound, on the heap and in array buffers. Exact in a process that exposes `gc`. */
function garbageBytes(run: (seconds: number) => void): number {
  // Array buffers found dead by one collection are given back beside the program, at the latest in the next one.
  globalThis.gc?.();
  globalThis.gc?.();
  const before = process.memoryUsage();
  run(garbageSeconds);
  const after = process.memoryUsage();
  return (after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers) / garbageSeconds;
}

/** Bytes of any value, the same on every run. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state >> 8;
  });
}
