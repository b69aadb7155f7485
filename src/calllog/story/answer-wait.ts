import type { CallEvent } from '../../call/events.ts';
import type { CallerVoice } from '../caller-voice.ts';

/** The first word of a reply: how long the caller waited for it, or null when the caller had not spoken before it. */
export interface FirstWord {
  readonly waitMs: number | null;
}

/**
 * Measures how long the caller waits for each answer: from the end of the caller's words to the agent's first word. A comfort sound is no
 * word, and whoever feeds this leaves it out.
 */
export class AnswerWait {
  readonly #voice: CallerVoice;
  readonly #unheardMarks = new Set<string>();
  #isGenerating = false;
  #isTakenBack = false;

  constructor(voice: CallerVoice) {
    this.#voice = voice;
  }

  /** Takes an event. The voice hears the caller's sound by itself. */
  happened(event: CallEvent): void {
    switch (event.type) {
      case 'stream.marked':
        return void this.#unheardMarks.delete(event.name);
      case 'model.interrupted':
      case 'model.closed':
      case 'model.generationCompleted':
      case 'model.turnCompleted':
        this.#isGenerating = false;
        return;
      default:
    }
  }

  /** A mark goes out behind a piece of the agent's voice. */
  markSent(name: string): void {
    this.#unheardMarks.add(name);
  }

  /** What was sent and not heard is gone. */
  cleared(): void {
    this.#unheardMarks.clear();
  }

  /** What was sent and not heard is gone, and goes out again. */
  takenBack(): void {
    this.#isTakenBack = true;
  }

  /** A piece of the agent's words goes to the caller. Returns the first word of a reply, and null for what only goes on. */
  spoken(atMs: number): FirstWord | null {
    const begins = !this.#isGenerating && !this.#isTakenBack && this.#unheardMarks.size === 0;
    this.#isTakenBack = false;
    this.#isGenerating = true;
    if (!begins) return null;
    const spokeUntilMs = this.#voice.takeLastSpeech();
    return { waitMs: spokeUntilMs === null ? null : atMs - spokeUntilMs };
  }
}
