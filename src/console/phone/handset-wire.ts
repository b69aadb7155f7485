/** How sound and pictures travel between the page and the server: what a binary message holds, by its first byte. */
const kinds = { sound: 1, picture: 2 };

const soundHeaderBytes = 5;

/** 20 ms of mu-law at 8 kHz. */
const soundBytes = 160;

/** A frame of sound and its number on this connection, from 0. */
export interface NumberedFrame {
  readonly number: number;
  readonly audio: Uint8Array;
}

/** What a binary message holds; null for one that holds nothing of ours. */
export type BinaryMessage =
  | ({ readonly kind: 'sound' } & NumberedFrame)
  | { readonly kind: 'picture'; readonly jpeg: Uint8Array };

/** Writes a frame of 160 bytes. */
export function soundMessage(number: number, audio: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(soundHeaderBytes + audio.length);
  message[0] = kinds.sound;
  new DataView(message.buffer).setUint32(1, number);
  message.set(audio, soundHeaderBytes);
  return message;
}

/** Writes a picture. */
export function pictureMessage(jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(1 + jpeg.length);
  message[0] = kinds.picture;
  message.set(jpeg, 1);
  return message;
}

/** Reads a binary message. */
export function readBinaryMessage(bytes: Uint8Array): BinaryMessage | null {
  if (bytes[0] === kinds.picture && bytes.length > 1) return { kind: 'picture', jpeg: bytes.subarray(1) };
  if (bytes[0] !== kinds.sound || bytes.length !== soundHeaderBytes + soundBytes) return null;
  const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  return { kind: 'sound', number, audio: bytes.subarray(soundHeaderBytes) };
}

/** Counts frames by their numbers: what came, what is missing, and what came twice or out of turn. */
export class FrameCount {
  frames = 0;
  lost = 0;
  doubled = 0;

  take(number: number): void {
    if (number < this.frames + this.lost) {
      this.doubled += 1;
      return;
    }
    this.lost += number - this.frames - this.lost;
    this.frames += 1;
  }
}
