import { speechMeanSquareMin } from '../audio/level.ts';
import type { MulawCodec } from '../audio/mulaw.ts';
import { type AudioPath, comfortSoundOf } from '../audio/audio-path.ts';
import type { CallEffect, Note } from '../call/effects.ts';
import type { CallEvent } from '../call/events.ts';

/** A pause of this length ends what the caller says, so that the next sound is the beginning of something new (as `speech-gate.ts` has it). */
const pauseMs = 600;

/** One sample of so many is looked at. */
const sampleEvery = 4;

/** As many chunks as the call itself has unheard at most. */
const unheardMarksMax = 5_000;

/** What happened to the talk. `unasked`: the agent speaks and nobody had asked anything. */
export type TurnNews =
  /** The agent's first word of a reply. `sinceMs`: since when the caller waited for it. */
  | {
      readonly kind: 'words';
      readonly to: 'greeting' | 'answer' | 'unasked';
      readonly sinceMs: number;
      readonly atMs: number;
    }
  /** The reply is over: heard to its end, or cut off. */
  | { readonly kind: 'over'; readonly isCut: boolean; readonly atMs: number }
  /** The caller interrupts. `sinceMs`: since when the caller speaks; null when the line brought nothing loud enough. */
  /** `by`: who noticed, the model or our own ear. */
  | { readonly kind: 'bargeIn'; readonly by: string; readonly sinceMs: number | null; readonly atMs: number }
  /** The caller was heard over the agent, which went on: it was no more than `why`. */
  | { readonly kind: 'ignored'; readonly by: string; readonly why: string }
  /** Parley fills a silence. */
  | { readonly kind: 'comfort'; readonly sound: 'tone' | 'phrase'; readonly atMs: number };

/**
 * The turns of a live call, told from its steps: how long the caller waits for the agent's first word, and when the agent has finished.
 * A comfort sound is no word.
 */
export class CallTurns {
  readonly #codec: MulawCodec;
  readonly #sounds: AudioPath['comfortSounds'];
  /** The marks behind words that the caller has not heard. */
  readonly #unheardWords = new Set<string>();
  #lastSentIsWords = false;
  #isGenerating = false;
  #isReplying = false;
  #hasSpoken = false;
  #waitsSinceMs: number | null = null;
  #speechSinceMs: number | null = null;
  #lastSpeechMs: number | null = null;
  #isTakenBack = false;
  #news: TurnNews[] = [];

  /** `comfortSounds`: those of the call, by which they are told from words. */
  constructor(codec: MulawCodec, comfortSounds: AudioPath['comfortSounds']) {
    this.#codec = codec;
    this.#sounds = comfortSounds;
  }

  /** Takes a step. Most steps bring no news. */
  take(event: CallEvent, effects: readonly CallEffect[]): readonly TurnNews[] {
    this.#news = [];
    this.#takeEvent(event);
    this.#isTakenBack = effects.some((effect) => effect.type === 'note' && effect.name === 'agentTakenBack');
    for (const effect of effects) this.#takeEffect(effect, event.atMs);
    const isHeard = !this.#isGenerating && this.#unheardWords.size === 0;
    if (this.#isReplying && isHeard) this.#over(false, event.atMs);
    return this.#news;
  }

  /** Takes a frame of the caller. On most of them, nothing but this happens. */
  heard(audio: Uint8Array, atMs: number): void {
    if (roughMeanSquare(audio, this.#codec) < speechMeanSquareMin) return;
    if (this.#lastSpeechMs === null || atMs - this.#lastSpeechMs > pauseMs) this.#speechSinceMs = atMs;
    this.#lastSpeechMs = atMs;
    // A caller who speaks first waits for the greeting all the same.
    if (this.#hasSpoken) this.#waitsSinceMs = atMs;
  }

  #takeEvent(event: CallEvent): void {
    switch (event.type) {
      case 'call.restored':
        this.#hasSpoken = true;
        return;
      case 'stream.started':
        if (!this.#hasSpoken) this.#waitsSinceMs ??= event.atMs;
        return;
      case 'stream.marked':
        return void this.#unheardWords.delete(event.name);
      case 'stream.closed':
      case 'stream.stopped':
      case 'connect.ended':
      case 'call.completed':
        this.#isGenerating = false;
        return this.#silenced(event.atMs);
      case 'model.interrupted':
      case 'model.closed':
      case 'model.generationCompleted':
      case 'model.turnCompleted':
        this.#isGenerating = false;
        return;
      default:
    }
  }

  #takeEffect(effect: CallEffect, atMs: number): void {
    switch (effect.type) {
      case 'stream.media':
        return this.#agentSpeaks(effect.audio, atMs);
      case 'stream.mark':
        if (this.#lastSentIsWords && this.#unheardWords.size < unheardMarksMax) this.#unheardWords.add(effect.name);
        return;
      case 'stream.clear':
        // Words that are taken back go out again at once.
        if (!this.#isTakenBack) this.#silenced(atMs);
        return;
      case 'stream.close':
        return this.#silenced(atMs);
      case 'model.open':
        this.#isGenerating = false;
        return;
      case 'model.sendText':
        // The silence that the agent asks about was no wait for it.
        if (effect.prompts.includes('callerIsSilent')) this.#waitsSinceMs = null;
        return;
      case 'note':
        return this.#noted(effect, atMs);
      default:
    }
  }

  #noted({ name, fields }: Note, atMs: number): void {
    const by = String(fields.by);
    // Where nothing of the reply was sent, nobody was interrupted.
    if (name === 'bargeIn' && fields.sentMs !== 0)
      this.#news.push({ kind: 'bargeIn', by, sinceMs: this.#speechSinceMs, atMs });
    if (name === 'bargeInIgnored') this.#news.push({ kind: 'ignored', by, why: String(fields.why) });
    // The marks are given up, and so is the wait for them.
    if (name === 'marksLost') this.#unheardWords.clear();
  }

  #agentSpeaks(audio: Uint8Array, atMs: number): void {
    const sound = comfortSoundOf(this.#sounds, audio);
    this.#lastSentIsWords = sound === null;
    if (sound !== null) return void this.#news.push({ kind: 'comfort', sound, atMs });
    this.#isGenerating = true;
    if (this.#isReplying) return;
    this.#isReplying = true;
    const sinceMs = this.#waitsSinceMs;
    const to = sinceMs === null ? 'unasked' : this.#hasSpoken ? 'answer' : 'greeting';
    this.#hasSpoken = true;
    this.#waitsSinceMs = null;
    this.#news.push({ kind: 'words', to, sinceMs: sinceMs ?? atMs, atMs });
  }

  /** What the caller has not heard is gone. A comfort sound that is taken back breaks off no reply. */
  #silenced(atMs: number): void {
    if (this.#unheardWords.size > 0) this.#over(true, atMs);
  }

  #over(isCut: boolean, atMs: number): void {
    this.#unheardWords.clear();
    this.#isGenerating = false;
    this.#isReplying = false;
    this.#news.push({ kind: 'over', isCut, atMs });
  }
}

/** Loudness as `meanSquare` has it, told from one sample of four: that is enough to tell speech from silence, and costs a quarter. */
function roughMeanSquare(mulaw: Uint8Array, { decode }: MulawCodec): number {
  let sum = 0;
  for (let at = 0; at < mulaw.length; at += sampleEvery) {
    const sample = decode[mulaw[at] ?? 0] ?? 0;
    sum += sample * sample;
  }
  return mulaw.length === 0 ? 0 : (sum * sampleEvery) / (mulaw.length * 32_768 * 32_768);
}
