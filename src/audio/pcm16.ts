/** The PCM16 sample nearest to a value (halves round up); what lies outside -32768 to 32767 is clipped, never wrapped. */
export function roundToPcm16(value: number): number {
  const rounded = Math.floor(value + 0.5);
  if (rounded > 32_767) return 32_767;
  return rounded < -32_768 ? -32_768 : rounded;
}
