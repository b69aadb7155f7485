import { mulawBytesPerMs } from '../../audio/mulaw.ts';
import { SoundBuffer } from '../sound-buffer.ts';
import { FrameLengths } from './frame-lengths.ts';
import type { CallerFrame } from './speech-backlog.ts';

/** How much of the last sentence is repeated to the next session, if the one that heard it is lost. */
const bytesMax = 12_000 * mulawBytesPerMs;

/** So much is kept of what was answered, too: who speaks over the agent is yielded to, or not, in less. */
const answeredBytesMax = 2_000 * mulawBytesPerMs;

/**
 * What the model has heard since its last answer, and the last two seconds before it, in case that has to be said once more: the newest
 * twelve seconds.
 */
export class Utterance {
  readonly #sound = new SoundBuffer();
  #unansweredBytes = 0;
  /** Below 0 of frames that hold no speech. */
  readonly #lengths = new FrameLengths();

  /** Keeps a copy of a frame, in place of the oldest ones where there is no room for it. */
  push({ audio, isSpeech }: CallerFrame): void {
    if (audio.length === 0) return;
    if (audio.length > bytesMax) return this.clear();
    while (this.#sound.bytes + audio.length > bytesMax) this.#dropOldest();
    this.#sound.push(audio);
    this.#unansweredBytes = Math.min(this.#unansweredBytes + audio.length, this.#sound.bytes);
    this.#lengths.push(isSpeech ? audio.length : -audio.length);
  }

  /** What came since the last answer, the oldest first, to be forwarded again. */
  get unanswered(): CallerFrame[] {
    return this.last(this.#unansweredBytes);
  }

  /** The last frames that fit into so many bytes, the oldest first, to be forwarded again. */
  last(lastBytes: number): CallerFrame[] {
    const bytes = this.#sound.copy(0, this.#sound.bytes);
    let at = 0;
    const frames = this.#lengths.all().map((length) => {
      const audio = bytes.subarray(at, at + Math.abs(length));
      at += audio.length;
      return { audio, isSpeech: length > 0, wasForwarded: true };
    });
    return frames.filter(({ audio }) => audio.byteOffset >= bytes.length - lastBytes);
  }

  /** The model has answered. */
  answered(): void {
    this.#unansweredBytes = 0;
    while (this.#sound.bytes > answeredBytesMax) this.#dropOldest();
  }

  /** The last so many bytes may not be answered after all. */
  reopen(bytes: number): void {
    this.#unansweredBytes = Math.min(this.#sound.bytes, Math.max(this.#unansweredBytes, bytes));
  }

  clear(): void {
    this.#sound.drop(this.#sound.bytes);
    this.#unansweredBytes = 0;
    this.#lengths.clear();
  }

  #dropOldest(): void {
    this.#sound.drop(Math.abs(this.#lengths.shift()));
  }
}
