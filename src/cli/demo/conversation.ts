import { meanSquare, pauseMeanSquareMax, speechMeanSquareMin } from '../../audio/level.ts';
import type { AudioPath } from '../../audio/audio-path.ts';
import type { MulawCodec } from '../../audio/mulaw.ts';
import type { CallEffect } from '../../call/effects.ts';
import type { CallEvent } from '../../call/events.ts';
import { fingerprint } from '../../calllog/log-format.ts';
import { valueWords } from '../../calllog/story/value-words.ts';
import { outcomeText } from '../../store/history/outcome-words.ts';
import { effectLine, type DemoLine } from './story.ts';

/** One frame of the caller. */
const frameMs = 20;

/** A line of the story and when it was told, in ms since the call began. */
export interface TimedLine extends DemoLine {
  readonly atMs: number;
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Tells a conversation from what its call log holds: events and effects, in order. Of the carrier it takes one fact only, the moment
 * at which the caller begins to hear something, because no log of ours can know it.
 */
export class DemoConversation {
  readonly #codec: MulawCodec;
  readonly #comfortPrints: ReadonlySet<string>;
  readonly #tell: (line: TimedLine) => void;
  /** The caller's speech since the last line of the caller. */
  #callerSpeech: Span | null = null;
  #callerIsSpeaking = false;
  /** The agent's reply: from its first audio to the last mark that came back, or to the clear. */
  #reply: Span | null = null;
  /** When the caller stopped speaking, as long as no word has been heard since. */
  #waitsSinceMs: number | null = null;
  /** When a comfort sound was first heard in this wait. */
  #coveredAtMs: number | null = null;
  /** What was sent last, and so begins when a playout does. */
  #lastSentIsComfort = false;

  constructor({ codec, comfortSounds }: AudioPath, tell: (line: TimedLine) => void) {
    this.#codec = codec;
    this.#comfortPrints = new Set([fingerprint(comfortSounds.tone), fingerprint(comfortSounds.phrase)]);
    this.#tell = tell;
  }

  step(event: CallEvent, effects: readonly CallEffect[]): void {
    const { atMs } = event;
    if (event.type === 'stream.media') this.#hearCaller(event.audio, atMs);
    if (event.type === 'stream.marked') this.#replyGoesOn(atMs);
    if (event.type === 'stream.started') this.#tell({ atMs, who: 'twilio', text: 'the media stream starts' });
    if (event.type === 'callee.keyed')
      this.#tell({ atMs, who: 'phone', text: `whoever answered presses ${event.key ?? 'nothing'}` });
    if (event.type === 'dial.ended')
      this.#tell({ atMs, who: 'phone', text: `the transfer ended: ${valueWords('dialOutcome', event.outcome)}` });
    for (const effect of effects) this.#takeEffect(effect, atMs);
  }

  /** The carrier begins to play audio after silence. */
  playoutStarted(atMs: number): void {
    if (this.#waitsSinceMs === null) return;
    if (this.#lastSentIsComfort) {
      this.#coveredAtMs ??= atMs;
      return;
    }
    const waited = `waited ${msText(atMs - this.#waitsSinceMs)} from the end of speech to the agent's first word`;
    const cover = this.#coveredAtMs === null ? '' : ` (a tone after ${msText(this.#coveredAtMs - this.#waitsSinceMs)})`;
    this.#waitsSinceMs = null;
    this.#tell({ atMs, who: 'caller', text: waited + cover });
  }

  #takeEffect(effect: CallEffect, atMs: number): void {
    if (effect.type === 'stream.media') this.#soundSent(effect.audio, atMs);
    if (effect.type === 'stream.clear') this.#replyGoesOn(atMs);
    if (effect.type === 'call.end')
      this.#tell({ atMs, who: 'parley', text: `the call is over: ${outcomeText(effect.reason)}` });
    const line = effectLine(effect);
    if (line === null) return;
    if (effect.type !== 'transcript.add') return this.#tell({ atMs, ...line });
    const span = effect.speaker === 'caller' ? this.#callerSpeech : this.#reply;
    if (effect.speaker === 'caller') this.#callerSpeech = null;
    else this.#reply = null;
    this.#tell({ atMs, who: line.who, text: span === null ? line.text : `${spanText(span)}  ${line.text}` });
  }

  #soundSent(audio: Uint8Array, atMs: number): void {
    this.#lastSentIsComfort = this.#comfortPrints.has(fingerprint(audio));
    if (!this.#lastSentIsComfort) this.#reply ??= { fromMs: atMs, toMs: atMs };
  }

  #replyGoesOn(atMs: number): void {
    if (this.#reply !== null) this.#reply = { ...this.#reply, toMs: atMs };
  }

  /** A frame arrives when its last sample has been spoken. Speech begins loud, and the soft ends of words belong to it. */
  #hearCaller(audio: Uint8Array, atMs: number): void {
    const level = meanSquare(audio, this.#codec);
    this.#callerIsSpeaking = level >= (this.#callerIsSpeaking ? pauseMeanSquareMax : speechMeanSquareMin);
    if (!this.#callerIsSpeaking) return;
    this.#callerSpeech = { fromMs: this.#callerSpeech?.fromMs ?? atMs - frameMs, toMs: atMs };
    this.#waitsSinceMs = atMs;
    this.#coveredAtMs = null;
  }
}

function msText(ms: number): string {
  return `${Math.round(ms)} ms`;
}

function spanText({ fromMs, toMs }: Span): string {
  return `${(fromMs / 1000).toFixed(1)} to ${(toMs / 1000).toFixed(1)} s`;
}
