/**
 * Designs the two filters of `taps.ts`. The taps are kept as constants, not computed at start, so that the same call
 * gives the same bytes on every engine. After a change, write the file again with
 * `npx vitest run test/audio/design-taps.test.ts --update`, whose only file snapshot it is.
 *
 * Both are Kaiser-windowed sincs with -6 dB at 4.0 kHz, half the telephone's sampling rate, which makes every second
 * (up) or every third (down) tap zero but for the centre. Only what remains of one side is listed, as the other side
 * mirrors it.
 */

/** Kaiser's beta for a stop band of -90 dB, just below what one bit of PCM16 can hold. */
const kaiserBeta = 8.96;

/** Pairs of non-zero taps beside the centre; with the zero taps between them, 115 taps at 16 kHz: 3.56 ms. */
const upPairs = 29;

/** The same at 24 kHz: 173 taps, 3.58 ms. */
const downPairs = 58;

/** Taps are integers in units of 2^-24: sums of PCM16 products stay far below 2^53, so no order of adding can change a bit. */
const unity = 2 ** 24;

/** Zeroth-order modified Bessel function of the first kind, by its power series. */
function bessel0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** One side of a windowed sinc with a zero at every multiple of `band`, nearest tap first, scaled to `sideSum`. */
function sideTaps(pairs: number, band: number, sideSum: number): number[] {
  const distances = Array.from({ length: pairs }, (_, pair) => pair + 1 + Math.floor(pair / (band - 1)));
  const reach = (distances.at(-1) ?? 0) + 1;
  const shape = distances.map((distance) => {
    const angle = (Math.PI * distance) / band;
    return (Math.sin(angle) / angle) * bessel0(kaiserBeta * Math.sqrt(1 - (distance / reach) ** 2));
  });
  const scale = sideSum / shape.reduce((sum, tap) => sum + tap, 0);
  return shape.map((tap) => Math.round(tap * scale));
}

const sumOf = (taps: readonly number[]): number => taps.reduce((sum, tap) => sum + tap, 0);

/** Side taps of the half-band filter, 8 to 16 kHz. They and their mirror images sum to exactly 2^24: no error at 0 Hz. */
function designUpTaps(): number[] {
  const taps = sideTaps(upPairs, 2, unity / 2);
  const [nearest = 0, ...others] = taps;
  return [nearest + unity / 2 - sumOf(taps), ...others];
}

/** Side taps and centre of the third-band filter, 24 to 8 kHz. All together sum to exactly 2^24. */
function designDownTaps(): { centre: number; side: number[] } {
  const side = sideTaps(downPairs, 3, unity / 3);
  return { centre: unity - 2 * sumOf(side), side };
}

/** A list of numbers as the formatter sets it: as many to a line as 120 columns hold. */
export function listing(numbers: readonly number[]): string {
  const lines = [''];
  for (const number of numbers) {
    const line = `${lines.at(-1)} ${number},`;
    if (line.length <= 119) lines[lines.length - 1] = line;
    else lines.push(` ${number},`);
  }
  return `[\n${lines.map((line) => ` ${line}\n`).join('')}]`;
}

/** The text of `taps.ts`. */
export function tapsFile(): string {
  const down = designDownTaps();
  return `// Written by design-taps.ts, which says what the numbers are. Change them there.

/** The value that stands for 1. */
export const tapUnity = 2 ** 24;

/** 8 to 16 kHz: the taps on one side of the centre that are not zero, nearest first; the centre is \`tapUnity\`. */
export const upTaps = ${listing(designUpTaps())};

/** 24 to 8 kHz: the centre tap. */
export const downCentreTap = ${down.centre};

/** 24 to 8 kHz: the taps on one side of the centre that are not zero, nearest first. */
export const downTaps = ${listing(down.side)};
`;
}
