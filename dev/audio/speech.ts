/** Telephone speech: 300 to 3400 Hz. */
const bandHz = { low: 300, high: 3400 };

/** A sound as it was or as it came out; `delayMs` is how late it is. */
interface RecordedSpeech {
  readonly samples: ArrayLike<number>;
  readonly sampleRateHz: number;
  readonly delayMs: number;
}

/**
 * How far a recording is from the original within the telephone band, in dB, whatever the sampling rates: their spectra
 * are compared bin by bin, the original's being what an ideal filter of endless length would give. All in Float64.
 */
export function bandSnrDb(original: RecordedSpeech, converted: RecordedSpeech): number {
  const seconds = Math.max(...[original, converted].map(({ samples, sampleRateHz }) => samples.length / sampleRateHz));
  // With a power of two at 8 kHz, the bins of 8, 16 and 24 kHz fall on the same frequencies.
  const points = 2 ** Math.ceil(Math.log2(seconds * 8000));
  const binHz = 8000 / points;
  const [reference, result] = [original, converted].map((recording) => bandSpectrum(recording, points, binHz));
  let signal = 0;
  let error = 0;
  for (const [i, value] of (reference ?? []).entries()) {
    signal += value ** 2;
    error += (value - (result?.[i] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / error);
}

/** Root mean square of PCM16 samples in dBFS. */
export function levelDbfs(samples: Int16Array): number {
  return 10 * Math.log10(samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / samples.length);
}

/** Real and imaginary parts of the band's bins in turn, the delay taken back. */
function bandSpectrum({ samples, sampleRateHz, delayMs }: RecordedSpeech, points: number, binHz: number): Float64Array {
  const length = (points * sampleRateHz) / 8000;
  const { real, imaginary } = fourier(Float64Array.from({ length }, (_, i) => samples[i] ?? 0));
  const first = Math.ceil(bandHz.low / binHz);
  const bins = Math.floor(bandHz.high / binHz) - first + 1;
  const band = new Float64Array(2 * bins);
  for (let i = 0; i < bins; i++) {
    const angle = 2 * Math.PI * (first + i) * binHz * (delayMs / 1000);
    const [re, im] = [(real[first + i] ?? 0) / length, (imaginary[first + i] ?? 0) / length];
    band[2 * i] = re * Math.cos(angle) - im * Math.sin(angle);
    band[2 * i + 1] = re * Math.sin(angle) + im * Math.cos(angle);
  }
  return band;
}

/** Discrete Fourier transform of real samples whose number has no prime factor but 2 and 3. */
function fourier(samples: Float64Array): { real: Float64Array; imaginary: Float64Array } {
  const { length } = samples;
  const real = new Float64Array(length);
  const imaginary = new Float64Array(length);
  if (length === 1) return { real: samples, imaginary };
  const radix = length % 3 === 0 ? 3 : 2;
  const partLength = length / radix;
  for (let offset = 0; offset < radix; offset++) {
    const part = fourier(Float64Array.from({ length: partLength }, (_, i) => samples[radix * i + offset] ?? 0));
    for (let bin = 0; bin < length; bin++) {
      const angle = (-2 * Math.PI * offset * bin) / length;
      const re = part.real[bin % partLength] ?? 0;
      const im = part.imaginary[bin % partLength] ?? 0;
      real[bin] = (real[bin] ?? 0) + re * Math.cos(angle) - im * Math.sin(angle);
      imaginary[bin] = (imaginary[bin] ?? 0) + re * Math.sin(angle) + im * Math.cos(angle);
    }
  }
  return { real, imaginary };
}
