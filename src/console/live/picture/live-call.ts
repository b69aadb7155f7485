import type { EndReason, Speaker } from '../../../call/effects.ts';
import type { CallSource } from '../../../host/call-registry.ts';

/** Where a live call is, as an operator sees it. */
export type LiveStage = 'ringing' | 'talking' | 'leaving' | 'between' | 'dialling' | 'recording' | 'ended';

/** The health of the model session. `recovering`: another one is being opened in place of one that was lost. */
export type ModelHealth = 'none' | 'connecting' | 'live' | 'lost' | 'recovering' | 'closed';

/** Why a call ended. `crashed`: Parley failed. `elsewhere`: another process has it. */
export type LiveOutcome = EndReason | 'crashed' | 'elsewhere';

/** A live call in one row of the board. Times are Unix times in ms. */
export interface LiveCall {
  readonly callSid: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly agent: string;
  readonly source: CallSource;
  /** The instance that has it; null on the board of that process alone. */
  readonly process: string | null;
  readonly startedAtMs: number;
  readonly stage: LiveStage;
  readonly speaks: Speaker | 'both' | 'nobody';
  readonly lastWords: Readonly<Record<Speaker, string>>;
  /** From the end of the caller's words to the agent's first word, for the last answers, the newest last. */
  readonly waitsMs: readonly number[];
  readonly worstWaitMs: number | null;
  readonly model: { readonly health: ModelHealth; readonly sessions: number };
  /** The tools that run now. */
  readonly tools: readonly string[];
  readonly faults: number;
  /** US dollars; null for a simulated model, and for one without a price. */
  readonly costUsd: number | null;
  readonly tokens: number;
  readonly end: { readonly atMs: number; readonly outcome: LiveOutcome } | null;
}

/** What a tool call has come to. */
export type ToolState = 'running' | 'answered' | 'failed' | 'stopped';

/** One thing that was said, done or happened on a call. `atMs` counts from the call's start. One that changes keeps its `id`. */
export type LiveItem = { readonly id: number; readonly atMs: number } & (
  | {
      readonly kind: 'words';
      readonly speaker: Speaker;
      readonly text: string;
      /** `open`: more may come. `cut`: the caller interrupted, and the text is what was heard. */
      readonly state: 'open' | 'whole' | 'cut';
      readonly waitMs: number | null;
    }
  | {
      readonly kind: 'tool';
      readonly name: string;
      readonly args: string;
      readonly state: ToolState;
      readonly tookMs: number | null;
      readonly answer: string;
    }
  | { readonly kind: 'news'; readonly text: string; readonly isTrouble: boolean }
);

/** One call opened. `items` holds the last ones, or those that changed. */
export interface LiveCallView {
  readonly call: LiveCall;
  readonly items: readonly LiveItem[];
  /** How many items before the first that is kept were forgotten. */
  readonly forgotten: number;
  /** Names of the destinations to which its agent may transfer it. */
  readonly destinations: readonly string[];
}
