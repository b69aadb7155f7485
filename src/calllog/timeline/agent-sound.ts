import type { ComfortSounds } from '../../audio/audio-path.ts';
import { gainTable, withGain } from '../../audio/gain.ts';
import { mulawBytesPerMs, type MulawCodec, mulawSilence } from '../../audio/mulaw.ts';
import { AgentDownsampler } from '../../audio/resample-down.ts';
import type { CallEvent } from '../../call/events.ts';
import { isObject } from '../event-fields.ts';
import { fingerprint, type RecordedEffect } from '../log-format.ts';

/** Pieces of the model's sound that may wait to be sent, and so many of them are searched for what was sent next. */
const piecesMax = 5_000;
const searchedMax = 500;

/** A chunk of a log that claims more is damaged: no call has more unheard at once. */
const chunkBytesMax = 300_000 * mulawBytesPerMs;

/** What was sent last, as far as a call may take it back. */
const takenBackBytesMax = 3_000 * mulawBytesPerMs;

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
  readonly #codec: MulawCodec;
  readonly #comfort: ReadonlyMap<string, Uint8Array>;
  readonly #downsampler: AgentDownsampler;
  /** What the model sent and the call did not send yet, in pieces as it came. */
  #waiting: Uint8Array[] = [];
  /** The last that was sent, before it was made softer. */
  #sent: Uint8Array = nothing;
  #gain: Uint8Array | null = null;
  /** Audio of an interrupted turn still arrives, and is no part of what follows. */
  #isLate = false;
  #chunks = 0;
  #unlikeChunks = 0;

  /** `phrasePrint` names a filler phrase of which nobody has the sound. */
  constructor(codec: MulawCodec, { tone, phrase }: ComfortSounds, phrasePrint: string | null) {
    this.#codec = codec;
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
    const speaks = effects.some(
      ({ type, audio }) => type === 'stream.media' && isObject(audio) && !this.#comfort.has(String(audio.fingerprint)),
    );
    const isIgnored = effects.some(
      ({ name, fields }) => name === 'bargeInIgnored' && isObject(fields) && fields.by === 'model',
    );
    this.#happened(event, speaks, isIgnored);
    const chunks: SentChunk[] = [];
    for (const { type, audio, name, fields } of effects) {
      if (type === 'stream.media' && isObject(audio)) chunks.push(this.#chunk(audio));
      else if (type === 'note' && isObject(fields)) this.#noted(String(name), fields);
      // What comes in a turn of the caller that is marked belongs to an earlier one, and so may what comes behind it.
      else if (type === 'model.activityStart') this.#cut();
      // What another session says is another reply.
      else if (type === 'model.close' || type === 'model.open') this.#downsampler.reset();
    }
    return chunks;
  }

  /** `speaks`: the call sends words of the agent because of this. `isIgnored`: it does not stop for what may be an interruption. */
  #happened(event: CallEvent, speaks: boolean, isIgnored: boolean): void {
    switch (event.type) {
      case 'model.audio':
        if (speaks) this.#isLate = false;
        if (!this.#isLate) this.#came(this.#downsampler.push(event.pcm));
        return;
      case 'model.generationCompleted':
      case 'model.turnCompleted':
        if (event.type === 'model.turnCompleted') this.#isLate = false;
        return this.#came(this.#downsampler.flush());
      case 'model.interrupted':
        return isIgnored ? this.#brokeOff() : this.#cut();
      // What the session had sent is heard to its end.
      case 'model.closed':
        return this.#downsampler.reset();
      case 'stream.closed':
      case 'stream.stopped':
        return this.#dropped();
      default:
    }
  }

  #noted(name: string, fields: Readonly<Record<string, unknown>>): void {
    // The model does not know that the agent was stopped, and may go on.
    if (name === 'bargeIn' && fields['by'] === 'ear') this.#cut();
    if (name === 'agentSoftened') {
      const byDb = Number(fields['byDb']) || 0;
      this.#gain = byDb === 0 ? null : gainTable(this.#codec, -byDb);
    }
    if (name !== 'agentTakenBack') return;
    const bytes = Math.max(0, Math.round(Number(fields['unheardMs']) * mulawBytesPerMs) || 0);
    this.#waiting.unshift(this.#sent.slice(Math.max(0, this.#sent.length - bytes)));
    this.#sent = this.#sent.slice(0, Math.max(0, this.#sent.length - bytes));
  }

  /** The sound of a `stream.media` effect, as long as the log says. */
  #chunk({ bytes, fingerprint: print }: Readonly<Record<string, unknown>>): SentChunk {
    const length = Math.min(chunkBytesMax, Math.max(0, Math.floor(Number(bytes)) || 0));
    const comfort = this.#comfort.get(String(print));
    if (comfort !== undefined) return { audio: fitted(comfort, length), isReply: false };
    const original = this.#take(length, String(print));
    this.#sent = joined([this.#sent, original]).slice(-takenBackBytesMax);
    const audio = this.#played(original);
    this.#chunks += 1;
    if (fingerprint(audio) !== print) this.#unlikeChunks += 1;
    return { audio, isReply: true };
  }

  #played(original: Uint8Array): Uint8Array {
    return this.#gain === null ? original : withGain(original, this.#gain);
  }

  /** The next so many bytes. What the call left out before them, such as a turn that nobody could hear, ends where a piece ends. */
  #take(length: number, print: string): Uint8Array {
    const isNext = (from: number): boolean => fingerprint(this.#played(this.#from(from, length))) === print;
    const starts = Array.from({ length: Math.min(searchedMax, this.#waiting.length) }, (_, index) => index);
    this.#waiting.splice(0, starts.find(isNext) ?? 0);
    const audio = this.#from(0, length);
    let left = length;
    while (left > 0) {
      const piece = this.#waiting.shift();
      if (piece === undefined) break;
      if (piece.length > left) this.#waiting.unshift(piece.subarray(left));
      left -= piece.length;
    }
    return audio;
  }

  #from(index: number, length: number): Uint8Array {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for (let at = index; at < this.#waiting.length && bytes < length; at++) {
      const piece = this.#waiting[at] ?? nothing;
      pieces.push(piece);
      bytes += piece.length;
    }
    return fitted(joined(pieces), length);
  }

  #came(piece: Uint8Array): void {
    if (piece.length > 0 && this.#waiting.length < piecesMax) this.#waiting.push(piece);
  }

  /** The model has stopped by mistake: what came is heard to its end. */
  #brokeOff(): void {
    this.#isLate = true;
    this.#came(this.#downsampler.flush());
  }

  #cut(): void {
    this.#isLate = true;
    this.#dropped();
  }

  #dropped(): void {
    this.#downsampler.reset();
    this.#waiting = [];
    this.#sent = nothing;
    this.#gain = null;
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** A sound of this length: its beginning, with silence behind it where it is shorter. */
function fitted(audio: Uint8Array, bytes: number): Uint8Array {
  if (audio.length === bytes) return audio;
  const all = new Uint8Array(bytes).fill(mulawSilence);
  all.set(audio.subarray(0, bytes));
  return all;
}
