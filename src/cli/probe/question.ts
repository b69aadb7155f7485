import type { Bench } from './bench.ts';

/** What a question uses, as far as that can be said before: the estimate of time and money is made of it. */
export interface Needs {
  /** When it is given up. */
  readonly secondsMax: number;
  readonly sessions: number;
  /** Turns of the model: each reads the whole session again (GM-USAGE-1). */
  readonly turns: number;
  /** Audio of the caller and of the model, in all its sessions. */
  readonly heardSeconds: number;
  readonly spokenSeconds: number;
  /** Text that each turn reads, beyond a short instruction. */
  readonly textTokens?: number;
}

/** Something that the references of the protocol leave open, and how the service itself is asked. */
export interface Question {
  readonly id: string;
  readonly asks: string;
  /** The rules of `docs/protocol/gemini.md` that it is about. */
  readonly rules: readonly string[];
  /** What Parley relies on today: the end of a sentence that begins with "Parley". */
  readonly relies: string;
  /** `thinking`: the extended-thinking model, whatever is configured. */
  readonly model: 'configured' | 'thinking';
  readonly needs: Needs;
  /** It mostly waits: it is asked at the same time as the others, for as long as these take. */
  readonly isCompanion?: true;
  /** Tells what it finds as it finds it. Throws a ProbeFailure when the service does not answer. */
  readonly ask: (bench: Bench) => Promise<void>;
}
