/** To make a buffer takes the engine longer than to fill one with 20 ms of sound, so short ones are cut from a larger one, each of them once. */
const slabBytes = 8 * 1024;
const shortBytesMax = slabBytes / 8;

let slab = new ArrayBuffer(slabBytes);
let usedBytes = 0;

/** Room for a sound of so many bytes, all of them zero. */
export function roomForSound(bytes: number): Uint8Array {
  if (bytes > shortBytesMax) return new Uint8Array(bytes);
  if (usedBytes + bytes > slabBytes) {
    slab = new ArrayBuffer(slabBytes);
    usedBytes = 0;
  }
  usedBytes += bytes;
  return new Uint8Array(slab, usedBytes - bytes, bytes);
}
