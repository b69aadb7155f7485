/** The magnitude bits of a mu-law code from which a sample counts as voice: about -38 dBFS, above line noise and comfort noise. */
const voiceMagnitudeMin = 0x20;

/** Whether there is a voice in mu-law audio: silence that is sent as audio is none. */
export function isVoiced(audio: Uint8Array): boolean {
  for (const code of audio) if ((~code & 0x7f) >= voiceMagnitudeMin) return true;
  return false;
}
