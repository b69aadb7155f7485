import { expect, test } from 'vitest';
import { SincResampler } from '../../../../web/phone/sound/sinc-resampler.ts';

test.for([
  [48_000, 8_000],
  [44_100, 8_000],
  [8_000, 48_000],
  [8_000, 44_100],
  [8_000, 8_000],
] as const)('from %i Hz to %i Hz a tone stays what it is, in whatever pieces it comes', ([fromHz, toHz]) => {
  const output = convert(tone(1_000, fromHz, fromHz / 2), fromHz, toHz);
  expect(Math.abs(output.length - toHz / 2)).toBeLessThan(150);
  // The best sine of the same pitch leaves nothing: no hiss, no other tone, the same level.
  const { amplitude, restDb } = fitted(output.slice(1000, -1000), 1_000, toHz);
  expect(amplitude).toBeCloseTo(0.5, 2);
  expect(restDb).toBeLessThan(-50);
});

test('what the line cannot carry is not folded into it', () => {
  const output = convert(tone(6_000, 48_000, 24_000), 48_000, 8_000).slice(500, -500);
  expect(rms(output)).toBeLessThan(0.5 / 300);
});

/** A tone of -6 dBFS. */
function tone(hz: number, rateHz: number, samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, at) => 0.5 * Math.sin((2 * Math.PI * hz * at) / rateHz));
}

/** Converts sound that comes in pieces of 128 samples, as a browser gives it. */
function convert(samples: Float32Array, fromHz: number, toHz: number): Float32Array {
  const resampler = new SincResampler(fromHz, toHz);
  const pieces: number[] = [];
  for (let at = 0; at < samples.length; at += 128) pieces.push(...resampler.convert(samples.subarray(at, at + 128)));
  return Float32Array.from(pieces);
}

function fitted(samples: Float32Array, hz: number, rateHz: number): { amplitude: number; restDb: number } {
  const turn = (2 * Math.PI * hz) / rateHz;
  const sum = (of: (at: number) => number): number => samples.reduce((total, sample, at) => total + sample * of(at), 0);
  const sine = (2 * sum((at) => Math.sin(turn * at))) / samples.length;
  const cosine = (2 * sum((at) => Math.cos(turn * at))) / samples.length;
  const rest = samples.map((sample, at) => sample - sine * Math.sin(turn * at) - cosine * Math.cos(turn * at));
  return { amplitude: Math.hypot(sine, cosine), restDb: 20 * Math.log10(rms(rest) / rms(samples)) };
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}
