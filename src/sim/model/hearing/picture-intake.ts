import { closeReasons, refusal } from '../protocol/close-reasons.ts';
import type { CloseFrame } from '../protocol/close-reasons.ts';
import { decodeBytes } from '../protocol/proto-json.ts';

/** How each kind of picture begins. */
const beginnings: ReadonlyMap<string, readonly number[]> = new Map([
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
]);

/** Takes the pictures that a client shows, one a message (GM-VIDEO-1). They are counted and not kept. */
export class PictureIntake {
  #count = 0;
  #bytes = 0;

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Returns the close that a bad picture earns, or null. */
  accept(blob: { readonly data: string; readonly mimeType: string }): CloseFrame | null {
    const beginning = beginnings.get(blob.mimeType);
    const picture = decodeBytes(blob.data);
    if (picture === null) {
      return refusal("Invalid value at 'realtime_input.video.data' (TYPE_BYTES), Base64 decoding failed");
    }
    const isWhole = beginning?.every((byte, index) => picture[index] === byte) ?? false;
    if (!isWhole) return closeReasons.argumentInvalid;
    this.#count += 1;
    this.#bytes += picture.length;
    return null;
  }
}
