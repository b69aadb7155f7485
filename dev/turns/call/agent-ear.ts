import { mulawSilence } from '../../../src/audio/mulaw.ts';
import { shippedComfortSounds } from '../../../src/sounds/comfort-sounds.ts';
import { markedComfortSounds } from '../../../src/sim/judges/heard-stream.ts';
import { earFrameMs } from '../score/ear.ts';
import type { ReplyLocator, ReplyPlace } from './reply-locator.ts';

/** Comfort sounds in which each byte tells that it is no word. */
export const markedComfort = markedComfortSounds(shippedComfortSounds);

const wordless: ReadonlySet<number | undefined> = new Set([
  mulawSilence,
  0x7f,
  markedComfort.tone[0],
  markedComfort.phrase[0],
]);

/** More bytes than this of a frame must sound. */
const soundingBytesMin = 16;

/** What the caller hears of the agent, frame by frame. */
export class AgentEar {
  /** Whether the agent's words were heard, pauses between them included. */
  readonly words: boolean[] = [];
  /** Which moment of which reply began each frame; null where it is not known, as when the agent is softer than it was sent. */
  readonly places: (ReplyPlace | null)[] = [];
  /** How much of each frame sounded, in ms. */
  readonly soundingMs: number[] = [];
  readonly #locator: ReplyLocator;
  #last: { readonly place: ReplyPlace; readonly frame: number } | null = null;
  #silentFrames = 0;

  constructor(locator: ReplyLocator) {
    this.#locator = locator;
  }

  get isWords(): boolean {
    return this.words.at(-1) === true;
  }

  get hasHeardWords(): boolean {
    return this.words.length > this.#silentFrames;
  }

  /** The reply of which something was heard last. */
  get reply(): string | null {
    return this.#last?.place.reply ?? null;
  }

  /** For how long nothing of the agent's words has been heard. */
  get silentMs(): number {
    return this.#silentFrames * earFrameMs;
  }

  /** How long a reply is, in ms. */
  lengthMs(reply: string): number {
    return this.#locator.lengthMs(reply);
  }

  /** How much the agent still has to say, if it goes on. */
  get wordsLeftMs(): number {
    const last = this.#last;
    if (last === null || !this.isWords) return 0;
    const heardMs = last.place.atMs + (this.words.length - last.frame) * earFrameMs;
    return this.#locator.lengthMs(last.place.reply) - heardMs;
  }

  hear(audio: Uint8Array): void {
    const frame = this.words.length;
    const sounding = soundingBytes(audio);
    const isWords = sounding > soundingBytesMin;
    this.soundingMs.push(sounding / 8);
    this.words.push(isWords);
    this.#silentFrames = isWords ? 0 : this.#silentFrames + 1;
    const place = isWords ? this.#locator.locate(audio, this.#expected(frame)) : null;
    this.places.push(place);
    if (place !== null) this.#last = { place, frame };
  }

  #expected(frame: number): ReplyPlace | null {
    const last = this.#last;
    if (last === null) return null;
    return { reply: last.place.reply, atMs: last.place.atMs + (frame - last.frame) * earFrameMs };
  }
}

function soundingBytes(audio: Uint8Array): number {
  let sounding = 0;
  for (const code of audio) if (!wordless.has(code)) sounding += 1;
  return sounding;
}
