import type { CallSound } from '../../../src/calllog/timeline/recorded-timeline.ts';
import { addSamples, samplesPerMs } from './mulaw-sound.ts';

/** The telephone's own rate: the browser then changes it once, without seams between the pieces. */
const sampleRateHz = 1000 * samplesPerMs;

/** Sound is made ready in pieces, because an hour of it would fill the memory. */
const pieceMs = 4_000;

/** How much of each side is heard in the other ear. */
const otherEar = 0.45;

/** A moment for the first piece to be made. */
const leadSeconds = 0.05;

/** Plays both sides of a call: the caller more on the left, the agent more on the right. */
export class Player {
  readonly #sound: Pick<CallSound, 'caller' | 'heard'>;
  readonly #durationMs: number;
  readonly #listeners = new Set<() => void>();
  #context: AudioContext | null = null;
  #playing: {
    readonly sources: Set<AudioBufferSourceNode>;
    readonly fromMs: number;
    readonly startSeconds: number;
  } | null = null;
  #positionMs = 0;

  constructor(sound: Pick<CallSound, 'caller' | 'heard'>, durationMs: number) {
    this.#sound = sound;
    this.#durationMs = durationMs;
  }

  /** Calls `changed` whenever it begins to play, ends, or is somewhere else. Returns what ends this. */
  onChange(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => void this.#listeners.delete(changed);
  }

  get isPlaying(): boolean {
    return this.#playing !== null;
  }

  /** Where in the call it is, in ms. */
  get positionMs(): number {
    if (this.#playing === null || this.#context === null) return this.#positionMs;
    const { fromMs, startSeconds } = this.#playing;
    const playedMs = Math.max(0, this.#context.currentTime - startSeconds) * 1000;
    return Math.min(this.#durationMs, fromMs + playedMs);
  }

  play(fromMs: number): void {
    this.#stop();
    this.#positionMs = Math.min(Math.max(0, fromMs), this.#durationMs);
    this.#context ??= new AudioContext({ sampleRate: sampleRateHz });
    void this.#context.resume();
    this.#playing = {
      sources: new Set(),
      fromMs: this.#positionMs,
      startSeconds: this.#context.currentTime + leadSeconds,
    };
    this.#queue(this.#positionMs);
    this.#queue(this.#positionMs + pieceMs);
    this.#changed();
  }

  pause(): void {
    this.#positionMs = this.positionMs;
    this.#stop();
    this.#changed();
  }

  /** Moves to another place and goes on as before. */
  seek(ms: number): void {
    if (this.isPlaying) return this.play(ms);
    this.#positionMs = Math.min(Math.max(0, ms), this.#durationMs);
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #stop(): void {
    const sources = this.#playing?.sources ?? [];
    this.#playing = null;
    for (const source of sources) source.stop();
  }

  #queue(atMs: number): void {
    const [context, playing] = [this.#context, this.#playing];
    if (context === null || playing === null || atMs >= this.#durationMs) return;
    const samples = Math.max(1, Math.round(Math.min(pieceMs, this.#durationMs - atMs) * samplesPerMs));
    const buffer = context.createBuffer(2, samples, sampleRateHz);
    const from = Math.round(atMs * samplesPerMs);
    const [left, right] = [buffer.getChannelData(0), buffer.getChannelData(1)];
    addSamples(this.#sound.caller, from, left, 1);
    addSamples(this.#sound.caller, from, right, otherEar);
    addSamples(this.#sound.heard, from, left, otherEar);
    addSamples(this.#sound.heard, from, right, 1);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.addEventListener('ended', () => this.#pieceEnded(source, atMs));
    source.start(playing.startSeconds + (atMs - playing.fromMs) / 1000);
    playing.sources.add(source);
  }

  /** The next piece plays already; the one behind it is made ready. */
  #pieceEnded(source: AudioBufferSourceNode, atMs: number): void {
    if (this.#playing?.sources.delete(source) !== true) return;
    if (atMs + pieceMs >= this.#durationMs) {
      this.#positionMs = this.#durationMs;
      this.#playing = null;
      return this.#changed();
    }
    this.#queue(atMs + 2 * pieceMs);
  }
}
