/** A piece that is shorter than this is a crumb, in bytes. It is joined to the one before, unless both together are longer than two of these. */
const crumbBytes = 240;

const nothing = new Uint8Array();

/** Sound of the agent that has not been sent, in order. It comes in pieces of any length and is taken in others. */
export class AgentQueue {
  #pieces: Uint8Array[] = [];
  /** What is gone of the first piece. */
  #takenBytes = 0;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** In how many pieces they are kept. Two neighbours have 60 ms at least, or the second of them 30: so their number needs no bound of its own. */
  get pieces(): number {
    return this.#pieces.length;
  }

  /** Adds a piece at the end, unless more than `bytesMax` would wait then. Returns whether it was taken. */
  push(audio: Uint8Array, bytesMax: number): boolean {
    if (audio.length === 0) return true;
    if (this.#bytes + audio.length > bytesMax) return false;
    const last = this.#pieces.at(-1);
    const isCrumb = audio.length < crumbBytes && last !== undefined && last.length + audio.length <= 2 * crumbBytes;
    if (isCrumb) this.#pieces[this.#pieces.length - 1] = joined(last, audio);
    else this.#pieces.push(audio);
    this.#bytes += audio.length;
    return true;
  }

  /** Puts back, in front, what was taken too early. Whoever took it has made room for it. */
  putBack(audio: readonly Uint8Array[]): void {
    const [first = nothing, ...others] = this.#pieces;
    const pieces = [...audio, first.subarray(this.#takenBytes)].filter(({ length }) => length > 0);
    this.#pieces = [...pieces, ...others];
    this.#takenBytes = 0;
    this.#bytes += audio.reduce((sum, { length }) => sum + length, 0);
  }

  /** Takes the first so many bytes, or all there are. A part of one piece is no copy. */
  take(bytes: number): Uint8Array {
    const length = Math.min(bytes, this.#bytes);
    this.#bytes -= length;
    const first = this.#takeOfFirst(length);
    if (first.length === length) return first;
    const all = new Uint8Array(length);
    all.set(first);
    for (let at = first.length; at < length;) {
      const part = this.#takeOfFirst(length - at);
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  /** Throws all of it away. Returns how many bytes that were. */
  clear(): number {
    const bytes = this.#bytes;
    this.#pieces = [];
    this.#takenBytes = 0;
    this.#bytes = 0;
    return bytes;
  }

  #takeOfFirst(bytesMax: number): Uint8Array {
    const piece = this.#pieces[0] ?? nothing;
    const part = piece.subarray(this.#takenBytes, this.#takenBytes + bytesMax);
    this.#takenBytes += part.length;
    if (this.#takenBytes >= piece.length) {
      this.#pieces.shift();
      this.#takenBytes = 0;
    }
    return part;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
