/** Added before the logarithm, so that its pieces begin at powers of two. */
const bias = 0x84;

const magnitudeMax = 0x7fff - bias;

/** The mu-law code of a sample, -32768 to 32767 (G.711). */
export function mulawCode(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), magnitudeMax) + bias;
  const exponent = 24 - Math.clz32(magnitude);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}

/** The sample of a mu-law code (G.711). */
export function mulawSample(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + bias) << ((bits >> 4) & 7)) - bias;
  return bits >= 0x80 ? -magnitude : magnitude;
}
