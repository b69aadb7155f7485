import { wavHeader } from '../../../src/audio/wav.ts';

/** A WAV file of 8 kHz mu-law. */
export function mulawWav(mulaw: Uint8Array): Uint8Array {
  const header = wavHeader({ sampleRateHz: 8000, channels: 1, dataBytes: mulaw.length });
  const view = new DataView(header.buffer);
  const mulawTag = 7;
  view.setUint16(20, mulawTag, true);
  view.setUint32(28, 8000, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  return Uint8Array.from([...header, ...mulaw]);
}
