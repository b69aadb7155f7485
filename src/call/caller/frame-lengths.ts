/** What 2.5 s of frames need. */
const framesAtFirst = 128;

/**
 * Lengths of frames, the oldest first. They lie in one ring that grows: an array from which the first is taken with each that is added
 * would be copied every second, and a copy lives long enough to keep the garbage collector at work.
 */
export class FrameLengths {
  #ring = new Int32Array(framesAtFirst);
  #from = 0;
  #count = 0;

  push(length: number): void {
    if (this.#count === this.#ring.length) this.#grow();
    this.#ring[(this.#from + this.#count) % this.#ring.length] = length;
    this.#count += 1;
  }

  /** Takes the oldest; 0 when there is none. */
  shift(): number {
    if (this.#count === 0) return 0;
    const length = this.#ring[this.#from] ?? 0;
    this.#from = (this.#from + 1) % this.#ring.length;
    this.#count -= 1;
    return length;
  }

  all(): number[] {
    const { length } = this.#ring;
    return Array.from({ length: this.#count }, (_, at) => this.#ring[(this.#from + at) % length] ?? 0);
  }

  clear(): void {
    this.#ring = new Int32Array(framesAtFirst);
    this.#from = 0;
    this.#count = 0;
  }

  #grow(): void {
    const all = this.all();
    this.#ring = new Int32Array(2 * all.length);
    this.#ring.set(all);
    this.#from = 0;
  }
}
