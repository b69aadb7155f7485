/** A source of 32-bit unsigned integers (0 to 4,294,967,295): the same seed gives the same numbers on every engine. */
export type NextRandom = () => number;

/** Marsaglia's xorshift with 32 bits of state: integer arithmetic only, so that a seed reproduces a call bit by bit. */
export function seededRandom(seed: number): NextRandom {
  // Neighbouring seeds must not begin alike, and a state of zero would stay zero.
  // Signed between the draws: an engine keeps such a number without allocating, and noise draws one for each sample.
  let state = Math.imul(seed + 1, 0x9e3779b1) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** An identifier as Twilio forms them: two letters and 32 hexadecimal digits. */
export function randomSid(prefix: 'CA' | 'CF' | 'MZ' | 'RE', nextRandom: NextRandom): string {
  return prefix + randomHex(nextRandom);
}

/** 32 hexadecimal digits. */
export function randomHex(nextRandom: NextRandom): string {
  return Array.from({ length: 4 }, () => nextRandom().toString(16).padStart(8, '0')).join('');
}
