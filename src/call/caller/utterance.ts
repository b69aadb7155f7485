import { mulawBytesPerMs } from '../../audio/mulaw.ts';
import type { CallerFrame } from './speech-backlog.ts';

/** How much of the last sentence is repeated to the next session, if the one that heard it is lost. */
const bytesMax = 12_000 * mulawBytesPerMs;

/** What most utterances fit into. So much is kept of what was answered, too: who speaks over the agent is yielded to, or not, in less. */
const bytesAtFirst = 2_000 * mulawBytesPerMs;

/**
 * What the model has heard since its last answer, and the last two seconds before it, in case that has to be said once more: the newest
 * twelve seconds. The frames lie in one ring of bytes that grows, and not as they came: hundreds of small buffers that live for seconds
 * would keep the garbage collector at work.
 */
export class Utterance {
  #ring: Uint8Array = new Uint8Array(0);
  /** Where the oldest byte lies, and how many there are. */
  #from = 0;
  #bytes = 0;
  #unansweredBytes = 0;
  /** Bytes of each frame, the oldest first; below 0 of those that hold no speech. */
  #lengths: number[] = [];

  /** Keeps a copy of a frame, in place of the oldest ones where there is no room for it. */
  push({ audio, isSpeech }: CallerFrame): void {
    if (audio.length === 0) return;
    if (audio.length > bytesMax) return this.clear();
    while (this.#bytes + audio.length > bytesMax) this.#dropOldest();
    if (this.#bytes + audio.length > this.#ring.length) this.#grow(this.#bytes + audio.length);
    const at = (this.#from + this.#bytes) % this.#ring.length;
    const untilEnd = this.#ring.length - at;
    if (audio.length <= untilEnd) this.#ring.set(audio, at);
    else {
      this.#ring.set(audio.subarray(0, untilEnd), at);
      this.#ring.set(audio.subarray(untilEnd), 0);
    }
    this.#bytes += audio.length;
    this.#unansweredBytes = Math.min(this.#unansweredBytes + audio.length, this.#bytes);
    this.#lengths.push(isSpeech ? audio.length : -audio.length);
  }

  /** What came since the last answer, the oldest first, to be forwarded again. */
  get unanswered(): CallerFrame[] {
    return this.last(this.#unansweredBytes);
  }

  /** The last frames that fit into so many bytes, the oldest first, to be forwarded again. */
  last(lastBytes: number): CallerFrame[] {
    const bytes = this.#copy(this.#bytes);
    let at = 0;
    const frames = this.#lengths.map((length) => {
      const audio = bytes.subarray(at, at + Math.abs(length));
      at += audio.length;
      return { audio, isSpeech: length > 0, wasForwarded: true };
    });
    return frames.filter(({ audio }) => audio.byteOffset >= bytes.length - lastBytes);
  }

  /** The model has answered. */
  answered(): void {
    this.#unansweredBytes = 0;
    while (this.#bytes > bytesAtFirst) this.#dropOldest();
  }

  /** The last so many bytes may not be answered after all. */
  reopen(bytes: number): void {
    this.#unansweredBytes = Math.min(this.#bytes, Math.max(this.#unansweredBytes, bytes));
  }

  clear(): void {
    this.#ring = new Uint8Array(0);
    this.#from = 0;
    this.#bytes = 0;
    this.#unansweredBytes = 0;
    this.#lengths = [];
  }

  #dropOldest(): void {
    const bytes = Math.abs(this.#lengths.shift() ?? 0);
    this.#from = (this.#from + bytes) % this.#ring.length;
    this.#bytes -= bytes;
  }

  #grow(bytesMin: number): void {
    const bytes = Math.min(bytesMax, Math.max(bytesAtFirst, 2 * this.#ring.length, bytesMin));
    this.#ring = this.#copy(bytes);
    this.#from = 0;
  }

  /** What is kept, in order, at the beginning of so many bytes. */
  #copy(bytes: number): Uint8Array {
    const copy = new Uint8Array(bytes);
    const end = this.#ring.subarray(this.#from, this.#from + this.#bytes);
    copy.set(end);
    copy.set(this.#ring.subarray(0, this.#bytes - end.length), end.length);
    return copy;
  }
}
