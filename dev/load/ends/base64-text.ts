const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** What each character stands for, by its code. */
const sextets = new Uint8Array(256);
for (const [value, character] of alphabet.split('').entries()) sextets[character.charCodeAt(0)] = value;

const [quote, padding] = [0x22, 0x3d];

/** Base64 that lies in a message, of which single bytes are read without decoding the rest. */
export class Base64Text {
  readonly #message: Uint8Array;
  readonly #from: number;
  /** How many bytes it stands for. */
  readonly length: number;

  /** The characters of `message` from one place up to another. */
  constructor(message: Uint8Array, from: number, to: number) {
    this.#message = message;
    this.#from = from;
    const padded = message[to - 2] === padding ? 2 : message[to - 1] === padding ? 1 : 0;
    this.length = ((to - from) / 4) * 3 - padded;
  }

  /** The text of the first member of this name in a JSON message; null where there is none. */
  static inMember(message: Buffer, name: string): Base64Text | null {
    const before = `"${name}":"`;
    const at = message.indexOf(before, 0, 'latin1');
    if (at < 0) return null;
    const from = at + before.length;
    const to = message.indexOf(quote, from);
    return to < 0 ? null : new Base64Text(message, from, to);
  }

  /** A byte, or 0 behind the last. */
  byteAt(at: number): number {
    if (at >= this.length) return 0;
    const place = at % 3;
    const character = this.#from + ((at - place) / 3) * 4 + place;
    return ((this.#sextet(character) << (2 + 2 * place)) | (this.#sextet(character + 1) >> (4 - 2 * place))) & 0xff;
  }

  /** A sample of 16 bits, the lower byte first. */
  sampleAt(at: number): number {
    return ((this.byteAt(2 * at + 1) << 24) >> 16) | this.byteAt(2 * at);
  }

  #sextet(character: number): number {
    return sextets[this.#message[character] ?? 0] ?? 0;
  }
}
