import type { Setup } from './client-message.ts';
import type { UsageMetadata } from './server-message.ts';

/** What the model has read so far: the prompt of the next turn. */
export interface Context {
  readonly textTokens: number;
  readonly audioTokens: number;
}

const audioTokensPerSecond = 25;
const charactersPerToken = 4;
/** In a real sample 25 of 522 prompt tokens belonged to no modality: the split need not add up. */
const unexplainedTokens = 25;
/** Thoughts are billed beside the total and not inside it, as in the same sample. */
const thoughtsTokens = 136;

/** Counts tokens as the service bills them: every turn pays for the whole context (GM-USAGE-1). */
export class UsageMeter {
  readonly #triggerTokens: number;
  readonly #targetTokens: number;
  #context: Context;

  /** `context` continues a resumed session, whose prompt the service already has. */
  constructor(setup: Setup, context: Context | null) {
    const compression = setup.contextWindowCompression;
    this.#triggerTokens = compression?.triggerTokens ?? Infinity;
    this.#targetTokens = compression?.slidingWindow?.targetTokens ?? this.#triggerTokens / 2;
    const instruction = JSON.stringify([setup.systemInstruction, setup.tools]);
    this.#context = context ?? { textTokens: Math.ceil(instruction.length / charactersPerToken), audioTokens: 0 };
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

  /** Bills one turn, of which `sentMs` of audio were sent: history keeps exactly that after an interruption. */
  bill(sentMs: number): UsageMetadata {
    const { textTokens, audioTokens } = this.#context;
    const promptTokenCount = textTokens + audioTokens + unexplainedTokens;
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
      ],
      responseTokensDetails: [{ modality: 'AUDIO', tokenCount: responseTokenCount }],
    };
  }

  #addAudio(tokens: number): void {
    this.#context = { ...this.#context, audioTokens: this.#context.audioTokens + tokens };
  }

  /** The window drops the oldest turns, which are audio, and keeps the instruction. */
  #compress(): void {
    const { textTokens, audioTokens } = this.#context;
    if (textTokens + audioTokens <= this.#triggerTokens) return;
    this.#context = { textTokens, audioTokens: Math.max(0, this.#targetTokens - textTokens) };
  }
}

function tokensOf(audioMs: number): number {
  return Math.round((audioMs * audioTokensPerSecond) / 1000);
}
