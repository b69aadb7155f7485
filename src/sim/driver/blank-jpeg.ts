/** A picture of so many bytes that begins as a JPEG does and shows nothing. */
export function blankJpeg(bytes: number): Uint8Array {
  const jpeg = new Uint8Array(bytes);
  jpeg.set([0xff, 0xd8, 0xff]);
  return jpeg;
}
