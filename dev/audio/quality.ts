import { convert, type Converter } from './converter.ts';

/** How well one direction keeps a sound, all measured from outside on PCM16, before or after mu-law. */
export interface Quality {
  /** Loudest minus softest of 100 to 3400 Hz. */
  rippleDb: number;
  /** Where a tone is 3 dB softer than one of 1 kHz. */
  minus3DbHz: number;
  /** Tone to everything else, the worst of 300 to 3400 Hz. */
  worstSnrDb: number;
  /** Up: the loudest mirror image above 4.6 kHz. Down: the loudest remainder of a tone of 4.6 to 11.9 kHz. */
  spuriousDb: number;
  /** Down: what is left of 4.3 kHz, which lands at 3.7 kHz. Up: 0, as nothing folds. */
  foldDb: number;
  /** Time from a sample's arrival to its exit, the filter's own delay and anything held back included. */
  delayMs: number;
  dcErrorDb: number;
  /** Sound missing at the end of the stream. */
  lostTailMs: number;
  /** Samples of a full-scale square wave that came out with the wrong sign. */
  wrongSignSamples: number;
  /** Of seven ways to cut the same sound, how many changed a bit of the result. */
  cutsThatDiffer: number;
}

/** Half of full scale, -6 dBFS. */
const toneAmplitude = 16_384;

/** Long enough that every multiple of 2.5 Hz fits in whole periods: a sum then separates the tone from all else. */
const windowMs = 400;

/** Longer than any filter here needs to settle. */
const settleMs = 60;

export function measureQuality(converter: Converter): Quality {
  const reference = toneGainDb(converter, 1000);
  const passband = frequencies(100, 3400, 60).map((hz) => toneGainDb(converter, hz));
  return {
    rippleDb: Math.max(...passband) - Math.min(...passband),
    minus3DbHz: minus3DbHz(converter, reference),
    worstSnrDb: Math.min(...frequencies(310, 3400, 110).map((hz) => toneSnrDb(converter, hz))),
    spuriousDb: converter.toHz > converter.fromHz ? worstImageDb(converter) : worstAliasDb(converter),
    foldDb: converter.toHz > converter.fromHz ? 0 : remainderDb(converter, 4300),
    ...measureTiming(converter),
    dcErrorDb: dcErrorDb(converter),
    wrongSignSamples: wrongSignSamples(converter),
    cutsThatDiffer: cutsThatDiffer(converter),
  };
}

function frequencies(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step).concat(to);
}

/** The settled output for a steady input. */
function settled(converter: Converter, value: (seconds: number) => number): Int16Array {
  const { fromHz, toHz } = converter;
  const input = Int16Array.from({ length: ((windowMs + 2 * settleMs) * fromHz) / 1000 }, (_, i) =>
    Math.round(value(i / fromHz)),
  );
  const start = (settleMs * toHz) / 1000;
  return convert(converter, input).slice(start, start + (windowMs * toHz) / 1000);
}

const tone = (hz: number) => (seconds: number) => toneAmplitude * Math.sin(2 * Math.PI * hz * seconds);

function amplitudeAt(samples: Int16Array, hz: number, sampleRateHz: number): number {
  let cosine = 0;
  let sine = 0;
  for (const [i, sample] of samples.entries()) {
    const angle = (2 * Math.PI * hz * i) / sampleRateHz;
    cosine += sample * Math.cos(angle);
    sine += sample * Math.sin(angle);
  }
  return (2 * Math.hypot(cosine, sine)) / samples.length;
}

function power(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum / samples.length;
}

/** PCM16 cannot show less: what is softer leaves no bit. */
const floorDb = -120;

const amplitudeDb = (ratio: number): number => Math.max(floorDb, 20 * Math.log10(ratio));

function toneGainDb(converter: Converter, hz: number): number {
  return amplitudeDb(amplitudeAt(settled(converter, tone(hz)), hz, converter.toHz) / toneAmplitude);
}

function toneSnrDb(converter: Converter, hz: number): number {
  const output = settled(converter, tone(hz));
  const tonePower = amplitudeAt(output, hz, converter.toHz) ** 2 / 2;
  return amplitudeDb(Math.sqrt(tonePower / (power(output) - tonePower)));
}

function minus3DbHz(converter: Converter, referenceDb: number): number {
  const stepHz = 2.5;
  let low = 1000;
  let high = converter.toHz > converter.fromHz ? 3997.5 : 4200;
  if (toneGainDb(converter, high) - referenceDb > -3) return high;
  while (high - low > stepHz) {
    const middle = Math.round((low + high) / 2 / stepHz) * stepHz;
    if (toneGainDb(converter, middle) - referenceDb > -3) low = middle;
    else high = middle;
  }
  return low;
}

function worstImageDb(converter: Converter): number {
  const images = frequencies(300, 3400, 110).map((hz) => {
    const output = settled(converter, tone(hz));
    return amplitudeAt(output, converter.fromHz - hz, converter.toHz) / amplitudeAt(output, hz, converter.toHz);
  });
  return amplitudeDb(Math.max(...images));
}

function worstAliasDb(converter: Converter): number {
  return Math.max(...frequencies(4610, 11_900, 310).map((hz) => remainderDb(converter, hz)));
}

function remainderDb(converter: Converter, hz: number): number {
  return amplitudeDb(Math.sqrt(2 * power(settled(converter, tone(hz)))) / toneAmplitude);
}

function dcErrorDb(converter: Converter): number {
  const output = settled(converter, () => toneAmplitude);
  return Math.abs(amplitudeDb(output.reduce((sum, sample) => sum + sample, 0) / output.length / toneAmplitude));
}

/** A single click shows the delay within the stream; counting what came out shows what was held back or lost. */
function measureTiming(converter: Converter): { delayMs: number; lostTailMs: number } {
  const { fromHz, toHz, chunkSamples } = converter;
  const input = new Int16Array(20 * chunkSamples);
  const clickAt = 10 * chunkSamples;
  input[clickAt] = toneAmplitude;
  const stream = converter.open();
  const output: number[] = [];
  let heldMs = 0;
  for (let end = chunkSamples; end <= input.length; end += chunkSamples) {
    output.push(...stream.push(input.slice(end - chunkSamples, end)));
    heldMs = Math.max(heldMs, 1000 * (end / fromHz - output.length / toHz));
  }
  output.push(...stream.end());
  const peakAt = output.reduce((best, sample, i) => (sample > (output[best] ?? 0) ? i : best), 0);
  const shiftMs = 1000 * (peakAt / toHz - clickAt / fromHz);
  const missingMs = 1000 * (input.length / fromHz - output.length / toHz);
  return { delayMs: heldMs + shiftMs, lostTailMs: Math.max(0, missingMs + shiftMs) };
}

/** A low-passed square wave overshoots full scale near its edges, where arithmetic that wraps would change the sign. */
function wrongSignSamples(converter: Converter): number {
  const squareHz = 100;
  const high = (seconds: number): boolean => Math.floor(2 * squareHz * seconds + 1e-9) % 2 === 0;
  const output = settled(converter, (seconds) => (high(seconds) ? 32_767 : -32_768));
  const agreeing = (shift: number): number =>
    output.filter((sample, i) => sample >= 0 === high((i + shift) / converter.toHz)).length;
  // The delay is whatever lines the output up best; the one or two samples on each edge may take either sign.
  const period = converter.toHz / squareHz;
  const best = Math.max(...Array.from({ length: period }, (_, shift) => agreeing(shift)));
  const edges = (2 * squareHz * windowMs) / 1000;
  return Math.max(0, output.length - best - 2 * edges);
}

function cutsThatDiffer(converter: Converter): number {
  // A multiplicative generator (Lehmer's) makes noise that is the same on every run.
  let state = 1;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647);
  const input = Int16Array.from({ length: 12 * converter.chunkSamples }, () => (next() % 40_000) - 20_000);
  const whole = convert(converter, input);
  const random = Array.from({ length: 50 }, () => next() % 300);
  const ways = [[1], [2], [7], [161], [441, 1, 2], random, [input.length]];
  return ways.filter((cuts) => {
    const output = convert(converter, input, cuts);
    return output.length !== whole.length || output.some((sample, i) => sample !== whole[i]);
  }).length;
}
