const bytesAtFirst = 4 * 1024;

/** A disk that stood still leaves no call with the memory that had to wait for it. */
const spareBytesMax = 64 * 1024;

/**
 * What waits for the disk, in one buffer. Small texts and arrays that wait for half a second each would become work for the garbage
 * collector.
 */
export class WriteBatch {
  #buffer: Buffer = Buffer.allocUnsafeSlow(bytesAtFirst);
  #bytes = 0;
  /** What was taken and is being written, and what is filled after the present one. */
  #written: Buffer | null = null;
  #spare: Buffer | null = null;

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  add(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    this.#buffer.set(bytes, this.#bytes);
    this.#bytes += bytes.length;
  }

  addText(text: string): void {
    this.#makeRoom(Buffer.byteLength(text));
    this.#bytes += this.#buffer.write(text, this.#bytes);
  }

  /** Gives out what waits, and begins anew. Whoever has written it calls `written`. */
  take(): Buffer {
    const bytes = this.#buffer.subarray(0, this.#bytes);
    this.#written = this.#buffer;
    this.#buffer = this.#spare ?? Buffer.allocUnsafeSlow(bytesAtFirst);
    this.#spare = null;
    this.#bytes = 0;
    return bytes;
  }

  /** What was taken is read no more. */
  written(): void {
    if (this.#written !== null && this.#written.length <= spareBytesMax) this.#spare = this.#written;
    this.#written = null;
  }

  /** Forgets what waits. */
  clear(): void {
    this.#bytes = 0;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#bytes + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#buffer.length));
    larger.set(this.#buffer.subarray(0, this.#bytes));
    this.#buffer = larger;
  }
}
