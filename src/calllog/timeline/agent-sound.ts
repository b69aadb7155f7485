import type { ComfortSounds } from '../../audio/audio-path.ts';
import { mulawBytesPerMs, type MulawCodec, mulawSilence } from '../../audio/mulaw.ts';
import { AgentDownsampler } from '../../audio/resample-down.ts';
import type { CallEvent } from '../../call/events.ts';
import { isObject } from '../event-fields.ts';
import { fingerprint, type RecordedEffect } from '../log-format.ts';

/** As many chunks as a call holds until its stream starts. */
const heldChunksMax = 500;

/** A chunk of a log that claims more is damaged: no call has more unheard at once. */
const chunkBytesMax = 300_000 * mulawBytesPerMs;

const nothing = new Uint8Array();

/** A chunk that was sent to the caller. */
export interface SentChunk {
  readonly audio: Uint8Array;
  readonly isReply: boolean;
}

/**
 * Makes the sound that a call sent to the caller from what the model sent, because a log keeps of it only length and fingerprint. It
 * follows the record and not the code: a log of another Parley, or one with lines that are lost, still gives what was heard.
 */
export class AgentSound {
  readonly #comfort: ReadonlyMap<string, Uint8Array>;
  readonly #downsampler: AgentDownsampler;
  /** What the model sent before the stream was there. */
  #held: Uint8Array[] = [];
  /** What the present event brought. */
  #arrived: Uint8Array = nothing;
  /** Audio of an interrupted turn still arrives, and is no part of what follows. */
  #isLate = false;
  #chunks = 0;
  #unlikeChunks = 0;

  /** `phrasePrint` names a filler phrase of which nobody has the sound. */
  constructor(codec: MulawCodec, { tone, phrase }: ComfortSounds, phrasePrint: string | null) {
    this.#downsampler = new AgentDownsampler(codec);
    this.#comfort = new Map([
      [fingerprint(phrase), phrase],
      [fingerprint(tone), tone],
      ...(phrasePrint === null ? [] : [[phrasePrint, nothing] as const]),
    ]);
  }

  /** How many chunks were made, and how many of them differ from what was sent by a sample or more. */
  get tally(): { readonly chunks: number; readonly unlike: number } {
    return { chunks: this.#chunks, unlike: this.#unlikeChunks };
  }

  /** Takes a step and returns the chunks that it sent, in order. */
  take(event: CallEvent, effects: readonly RecordedEffect[]): SentChunk[] {
    const sent = effects.flatMap(({ type, audio }) => (type === 'stream.media' && isObject(audio) ? [audio] : []));
    this.#happened(
      event,
      sent.some((record) => !this.#comfort.has(String(record.fingerprint))),
    );
    const chunks = sent.map((record) => this.#chunk(record));
    // What another session says is another reply.
    if (effects.some(({ type }) => type === 'model.close' || type === 'model.open')) this.#downsampler.reset();
    return chunks;
  }

  /** `speaks`: the call sends words of the agent because of this. */
  #happened(event: CallEvent, speaks: boolean): void {
    this.#arrived = nothing;
    switch (event.type) {
      case 'model.audio':
        if (speaks) this.#isLate = false;
        if (this.#isLate) return;
        this.#arrived = this.#downsampler.push(event.pcm);
        if (!speaks && this.#held.length < heldChunksMax) this.#held.push(this.#arrived);
        return;
      case 'model.generationCompleted':
      case 'model.turnCompleted':
        if (event.type === 'model.turnCompleted') this.#isLate = false;
        this.#arrived = this.#downsampler.flush();
        if (!speaks && this.#held.length < heldChunksMax) this.#held.push(this.#arrived);
        return;
      case 'model.interrupted':
        this.#isLate = true;
        return this.#dropped();
      case 'model.closed':
      case 'stream.closed':
      case 'stream.stopped':
        return this.#dropped();
      default:
    }
  }

  /** The sound of a `stream.media` effect, as long as the log says. */
  #chunk({ bytes, fingerprint: print }: Readonly<Record<string, unknown>>): SentChunk {
    const length = Math.min(chunkBytesMax, Math.max(0, Math.floor(Number(bytes)) || 0));
    const comfort = this.#comfort.get(String(print));
    if (comfort !== undefined) return { audio: fitted(comfort, length), isReply: false };
    const audio = fitted(this.#take(length), length);
    this.#chunks += 1;
    if (fingerprint(audio) !== print) this.#unlikeChunks += 1;
    return { audio, isReply: true };
  }

  #take(bytes: number): Uint8Array {
    if (this.#arrived.length >= bytes) return this.#arrived;
    const at = this.#held.findIndex(({ length }) => length === bytes);
    return this.#held.splice(0, at + 1).at(-1) ?? this.#arrived;
  }

  #dropped(): void {
    this.#downsampler.reset();
    this.#held = [];
  }
}

/** A sound of this length: its beginning, with silence behind it where it is shorter. */
function fitted(audio: Uint8Array, bytes: number): Uint8Array {
  if (audio.length === bytes) return audio;
  const all = new Uint8Array(bytes).fill(mulawSilence);
  all.set(audio.subarray(0, bytes));
  return all;
}
