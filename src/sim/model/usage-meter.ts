import type { Setup } from './protocol/setup-message.ts';
import type { UsageMetadata } from './protocol/server-message.ts';

/** What the model has read so far beside its instruction and tools: the rest of the prompt of the next turn. */
export interface Context {
  readonly textTokens: number;
  readonly audioTokens: number;
  readonly videoTokens: number;
}

const audioTokensPerSecond = 25;
/** A picture a second is billed as a second of video (GM-VIDEO-1). */
const tokensPerPicture = 258;
const charactersPerToken = 4;
/** In a real sample 25 of 522 prompt tokens belonged to no modality: the split need not add up. */
const unexplainedTokens = 25;
/** Thoughts are billed beside the total and not inside it, as in the same sample. */
const thoughtsTokens = 136;
/** Where the setup asks for compression and names no numbers: at 80 % of the window, down to half of that (GM-COMPRESS-1). */
const triggerShare = 0.8;

/** Counts tokens as the service bills them: every turn pays for the whole context (GM-USAGE-1). */
export class UsageMeter {
  readonly #triggerTokens: number;
  readonly #targetTokens: number;
  readonly #windowTokens: number;
  /** Of this setup: a resumed session may bring another instruction and other tools (GM-RESUME-2). */
  readonly #instructionTokens: number;
  #context: Context;

  /** `context` continues a resumed session, whose history the service already has. */
  constructor(setup: Setup, context: Context | null, windowTokens: number) {
    const compression = setup.contextWindowCompression;
    const triggerTokens = compression?.triggerTokens ?? windowTokens * triggerShare;
    this.#triggerTokens = compression === undefined ? Infinity : triggerTokens;
    this.#targetTokens = compression?.slidingWindow?.targetTokens ?? triggerTokens / 2;
    this.#windowTokens = windowTokens;
    const instruction = JSON.stringify([setup.systemInstruction, setup.tools]);
    this.#instructionTokens = Math.ceil(instruction.length / charactersPerToken);
    this.#context = context ?? { textTokens: 0, audioTokens: 0, videoTokens: 0 };
  }

  /** Whether the next prompt does not fit any more (GM-LIMIT-1). */
  get isOverfull(): boolean {
    return this.#promptTokens() > this.#windowTokens;
  }

  get context(): Context {
    return this.#context;
  }

  readText(text: string): void {
    const textTokens = this.#context.textTokens + Math.ceil(text.length / charactersPerToken);
    this.#context = { ...this.#context, textTokens };
  }

  readSpeech(speechMs: number): void {
    this.#addAudio(tokensOf(speechMs));
  }

  readPicture(): void {
    this.#context = { ...this.#context, videoTokens: this.#context.videoTokens + tokensPerPicture };
  }

  /** Bills one turn, of which `sentMs` of audio were sent: history keeps exactly that after an interruption. */
  bill(sentMs: number): UsageMetadata {
    const { audioTokens, videoTokens } = this.#context;
    const textTokens = this.#instructionTokens + this.#context.textTokens;
    const promptTokenCount = this.#promptTokens() + unexplainedTokens;
    const responseTokenCount = tokensOf(sentMs);
    this.#addAudio(responseTokenCount);
    this.#compress();
    return {
      promptTokenCount,
      responseTokenCount,
      thoughtsTokenCount: thoughtsTokens,
      totalTokenCount: promptTokenCount + responseTokenCount,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: textTokens },
        { modality: 'AUDIO', tokenCount: audioTokens },
        ...(videoTokens === 0 ? [] : [{ modality: 'VIDEO', tokenCount: videoTokens } as const]),
      ],
      responseTokensDetails: [{ modality: 'AUDIO', tokenCount: responseTokenCount }],
    };
  }

  #addAudio(tokens: number): void {
    this.#context = { ...this.#context, audioTokens: this.#context.audioTokens + tokens };
  }

  #promptTokens(): number {
    const { textTokens, audioTokens, videoTokens } = this.#context;
    return this.#instructionTokens + textTokens + audioTokens + videoTokens;
  }

  /** The window drops the oldest turns, pictures before audio before text, and keeps the instruction (GM-COMPRESS-1). */
  #compress(): void {
    if (this.#promptTokens() <= this.#triggerTokens) return;
    const roomTokens = Math.max(0, Math.floor(this.#targetTokens - this.#instructionTokens));
    const textTokens = Math.min(this.#context.textTokens, roomTokens);
    const audioTokens = Math.min(this.#context.audioTokens, roomTokens - textTokens);
    const videoTokens = Math.min(this.#context.videoTokens, roomTokens - textTokens - audioTokens);
    this.#context = { textTokens, audioTokens, videoTokens };
  }
}

function tokensOf(audioMs: number): number {
  return Math.round((audioMs * audioTokensPerSecond) / 1000);
}
