/** Half a period of the stand-in's tone, in bytes: 500 Hz on the telephone, and an even number, so that PCM16 samples stay whole. */
const halfPeriodBytes = 48;

/** 20 ms of 24 kHz PCM16. */
const pcmFrameBytes = 960;

/**
 * Replaces the sound of the agent (24 kHz PCM16, cut at any byte) by a tone that is about as loud. Both bytes of its samples are
 * alike, so it does not matter where the pieces are cut.
 */
export function standInPcm(pcm: Uint8Array): Uint8Array {
  const standIn = new Uint8Array(pcm.length);
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  for (let start = 0; start < pcm.length; start += pcmFrameBytes) {
    const end = Math.min(pcm.length, start + pcmFrameBytes);
    let sum = 0;
    for (let at = start; at + 1 < end; at += 2) sum += view.getInt16(at, true) ** 2;
    // A sample of two equal bytes b is 257 b.
    const byte = Math.min(127, Math.round(Math.sqrt((2 * sum) / (end - start)) / 257));
    for (let at = start; at < end; at += 1) {
      standIn[at] = Math.floor(at / halfPeriodBytes) % 2 === 0 ? byte : 256 - byte;
    }
  }
  return standIn;
}
