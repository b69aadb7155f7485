import { pitchOf, type Pitches } from '../../kill/kill-pitch.ts';

/** How long a frame lasts, as Twilio sends them (TW-STREAM-4). */
export const signedFrameMs = 20;

/** The tones that sign frames, in turn. A frame tells tones apart that are 50 Hz from each other; these survive both filters. */
const tonesHz: Pitches = Array.from({ length: 10 }, (_, at) => 500 + 250 * at);

/** Frames that are softer carry no tone: silence that Parley puts in. */
const toneLevelMin = 0.02;

const amplitude = 8_000;

/** More than can be on their way at a time; what is older is lost. */
const pendingMax = 1_000;

/** One frame of each tone, as PCM16 little-endian. */
export function toneFrames(sampleRateHz: number): Uint8Array[] {
  return tonesHz.map((hz) => {
    const samples = new Int16Array((sampleRateHz * signedFrameMs) / 1000);
    return new Uint8Array(samples.map((_, at) => amplitude * Math.sin((2 * Math.PI * hz * at) / sampleRateHz)).buffer);
  });
}

/** Knows each frame of one direction by its tone: how long it was on its way, and which ones never came. */
export class SignedFrames {
  readonly #pending: { readonly tone: number; readonly atMs: number }[] = [];
  #sent = 0;
  /** How many were sent before the last interruption. */
  #sentBefore = 0;
  trips: number[] = [];
  lost = 0;

  /** A frame goes out. Returns the number of the tone that signs it. */
  send(atMs: number): number {
    const tone = this.#sent % tonesHz.length;
    this.#sent += 1;
    this.#pending.push({ tone, atMs });
    if (this.#pending.length > pendingMax) this.#lose(1);
    return tone;
  }

  /** An interruption goes out behind the frames. */
  interrupt(): void {
    this.#sentBefore = this.#sent;
  }

  /** It has come. What was sent before it and has not come was dropped, as it had to be, and is not lost. */
  interrupted(): void {
    const sentSince = this.#sent - this.#sentBefore;
    this.#pending.splice(0, this.#pending.length - sentSince);
  }

  /** Frames came in together: PCM16 little-endian. */
  receive(pcm: Uint8Array, sampleRateHz: number, atMs: number): void {
    const frameBytes = (2 * sampleRateHz * signedFrameMs) / 1_000;
    for (let at = 0; at < pcm.length; at += frameBytes)
      this.#receiveOne(pcm.subarray(at, at + frameBytes), sampleRateHz, atMs);
  }

  #receiveOne(pcm: Uint8Array, sampleRateHz: number, atMs: number): void {
    if (levelOf(pcm) < toneLevelMin) return;
    const tone = pitchOf(pcm, sampleRateHz, tonesHz);
    const at = this.#pending.findIndex((frame) => frame.tone === tone);
    const frame = this.#pending[at];
    if (frame === undefined) return;
    this.#lose(at);
    this.#pending.shift();
    this.trips.push(atMs - frame.atMs);
  }

  /** When the oldest frame went out that has not come yet; Infinity when all have. */
  get waitingSinceMs(): number {
    return this.#pending[0]?.atMs ?? Infinity;
  }

  /** Counts anew. What is on its way belongs to what comes. */
  startOver(): void {
    this.trips = [];
    this.lost = 0;
  }

  #lose(count: number): void {
    this.#pending.splice(0, count);
    this.lost += count;
  }
}

/** The mean amplitude, from 0 to 1. */
function levelOf(pcm: Uint8Array): number {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const samples = Math.floor(pcm.length / 2);
  let sum = 0;
  for (let at = 0; at < samples; at += 1) sum += Math.abs(view.getInt16(2 * at, true));
  return samples === 0 ? 0 : sum / samples / 32_768;
}
