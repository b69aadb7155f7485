import type { ProbeSession } from './session.ts';

/** As Parley sends it: a frame of Twilio's at a time, 16 kHz PCM16. */
const frameMs = 20;
const frameBytes = frameMs * 32;

/** The caller of a session: speaks when told to, and is silent without a gap in between (GM-VAD-2). */
export class Microphone {
  readonly #session: ProbeSession;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAtMs = performance.now();
  readonly #pace: number;
  #sentFrames = 0;
  #speech: Uint8Array = new Uint8Array();
  #onSpoken: (() => void) | null = null;

  /** `pace`: how much faster than life, against simulated services. */
  constructor(session: ProbeSession, pace: number) {
    this.#session = session;
    this.#pace = pace;
    this.#timer = setInterval(() => this.#sendDue(), frameMs / pace);
  }

  /** Speaks once what was said before is over. Resolves with the last of it. */
  speak(pcm16k: Uint8Array): Promise<void> {
    this.#speech = pcm16k;
    return new Promise((resolve) => (this.#onSpoken = resolve));
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#onSpoken?.();
  }

  /** A timer that fires late is made up for, so that the caller keeps real time. */
  #sendDue(): void {
    if (this.#session.end !== null) return this.stop();
    const dueFrames = Math.floor(((performance.now() - this.#startedAtMs) * this.#pace) / frameMs);
    for (; this.#sentFrames < dueFrames; this.#sentFrames += 1) {
      const frame = new Uint8Array(frameBytes);
      frame.set(this.#speech.subarray(0, frameBytes));
      this.#speech = this.#speech.subarray(frameBytes);
      this.#session.sendAudio(frame);
      if (this.#speech.length > 0 || this.#onSpoken === null) continue;
      this.#onSpoken();
      this.#onSpoken = null;
    }
  }
}
