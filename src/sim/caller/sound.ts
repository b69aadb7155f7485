/** 20 dB are a factor of 10, so this is the factor of one decibel. */
const factorPerDb = 1.1220184543019633;
const fullScale = 32_768;

/** The RMS value, in PCM16 units, of a level in whole dBFS (a full-scale square wave is 0 dBFS). */
export function rmsOfLevel(levelDbfs: number): number {
  let rms = fullScale;
  for (let db = 0; db > levelDbfs; db -= 1) rms /= factorPerDb;
  return rms;
}

/**
 * The sine of a phase in turns (0.25 is a quarter turn), within 4e-6. It is a polynomial because the standard library may round
 * its sine differently from one engine to the next, and a script must give the same bytes everywhere.
 */
export function sineOfTurns(turns: number): number {
  const wrapped = turns - Math.round(turns);
  // The sine rises and falls alike around a quarter turn, so the series is only needed up to there.
  const folded = Math.abs(wrapped) > 0.25 ? Math.sign(wrapped) * 0.5 - wrapped : wrapped;
  const x = folded * 2 * Math.PI;
  const xx = x * x;
  return x * (1 - (xx / 6) * (1 - (xx / 20) * (1 - (xx / 42) * (1 - xx / 72))));
}
