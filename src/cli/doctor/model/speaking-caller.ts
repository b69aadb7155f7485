import { readFileSync } from 'node:fs';
import { mulawSilence } from '../../../audio/mulaw.ts';
import { readWav } from '../../../audio/wav.ts';
import type { TurnDetection } from '../../../call/call-settings.ts';
import { standardAudioPath } from '../../../sounds/standard-audio-path.ts';
import type { CheckedSession } from './session.ts';

/** Twilio sends 20 ms at a time, at 8 kHz. */
const frameMs = 20;
const frameCodes = 160;

/** So much quiet ends a turn that is marked, in frames. */
const quietFrames = 27;

/** "The number I have is A one zero four two.", as mu-law. */
const clip = new URL('../../../../fixtures/audio/caller/order-number.wav', import.meta.url);

/** A caller who says one sentence and then is silent, as the telephone brings it: frame by frame, through the filters of a call. */
export class SpeakingCaller {
  /** How long the sentence takes. */
  readonly speechMs: number;
  readonly #session: CheckedSession;
  readonly #clip: Uint8Array;
  readonly #upsampler = standardAudioPath.callerUpsampler();
  readonly #marksTurn: boolean;
  readonly #startedAtMs = performance.now();
  readonly #timer: NodeJS.Timeout;
  #frames = 0;

  /** Begins to speak at once. */
  constructor(session: CheckedSession, detection: TurnDetection) {
    this.#session = session;
    this.#marksTurn = detection === 'manual';
    const wav = readWav(readFileSync(clip));
    this.#clip = wav.encoding === 'mulaw' ? wav.data : new Uint8Array();
    this.speechMs = (this.#clip.length / frameCodes) * frameMs;
    if (this.#marksTurn) session.markTurn('start');
    this.#timer = setInterval(() => this.#speak(), frameMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Sends what is due: a timer that comes late is made up for. */
  #speak(): void {
    const due = (performance.now() - this.#startedAtMs) / frameMs;
    for (; this.#frames < due; this.#frames += 1) {
      const frame = new Uint8Array(frameCodes).fill(mulawSilence);
      frame.set(this.#clip.subarray(this.#frames * frameCodes, (this.#frames + 1) * frameCodes));
      this.#session.speak(this.#upsampler.push(frame));
      const endsTurn = this.#frames === Math.ceil(this.#clip.length / frameCodes) + quietFrames;
      if (this.#marksTurn && endsTurn) this.#session.markTurn('end');
    }
  }
}
