/** The tones that callers speak with, by number. */
export type Pitches = readonly number[];

/** The telephone carries 300 to 3400 Hz; one third of a second tells tones apart that are a few hertz from each other. */
const lowestHz = 700;
const highestHz = 2_300;

/** A tone for each of so many callers. */
export function pitches(count: number): Pitches {
  return Array.from({ length: count }, (_, at) => Math.round(lowestHz + ((highestHz - lowestHz) * at) / count));
}

/** The number of the tone that is loudest in PCM16 little-endian, by the algorithm of Goertzel. */
export function pitchOf(pcm: Uint8Array, sampleRateHz: number, among: Pitches): number {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const samples = Float64Array.from({ length: Math.floor(pcm.length / 2) }, (_, at) => view.getInt16(2 * at, true));
  const powers = among.map((hz) => powerAt(samples, hz / sampleRateHz));
  return powers.indexOf(Math.max(...powers));
}

function powerAt(samples: Float64Array, turnsPerSample: number): number {
  const coefficient = 2 * Math.cos(2 * Math.PI * turnsPerSample);
  let last = 0;
  let beforeLast = 0;
  for (const sample of samples) [last, beforeLast] = [sample + coefficient * last - beforeLast, last];
  return last * last + beforeLast * beforeLast - coefficient * last * beforeLast;
}
