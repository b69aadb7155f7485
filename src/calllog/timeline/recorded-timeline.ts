import type { StoryLine } from '../story-line.ts';

/** What happened, sorted as a reader looks for it. It decides the colour of a mark and nothing else. */
export type EventKind =
  | 'turn'
  | 'wait'
  | 'tool'
  | 'interruption'
  | 'session'
  | 'recovery'
  | 'fault'
  | 'phone'
  | 'operator'
  | 'other';

/** A stretch of the call, in ms since it began. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One thing that happened. `line` is its place in the log, from 1. */
export interface TimelineEvent {
  readonly atMs: number;
  readonly kind: EventKind;
  readonly who: StoryLine['who'];
  readonly text: string;
  readonly line: number;
}

/** What one side said in one go, and when it could be heard. */
export interface Caption extends TimeSpan {
  readonly who: 'caller' | 'agent';
  readonly text: string;
  /** The rest of it was not heard. */
  readonly cut: boolean;
  readonly line: number;
}

/** From the end of the caller's words to the agent's first word. */
export interface WaitSpan extends TimeSpan {
  readonly line: number;
}

/** What took a while beside the talk: a tool call, a model session, a stream, a transfer, a sound that covers a silence. */
export interface TimelineBar extends TimeSpan {
  readonly row: 'tool' | 'model' | 'line' | 'cover';
  readonly title: string;
  /** How it came out. `open`: the log does not tell. */
  readonly outcome: 'good' | 'failed' | 'open';
  readonly text: string;
  readonly line: number;
}

/** What the bills come to so far. `costUsd` is null where no price is known. */
export interface UsagePoint {
  readonly atMs: number;
  readonly tokens: number;
  readonly costUsd: number | null;
}

/** One recorded call, ready to be drawn. All times are ms since it began. */
export interface RecordedTimeline {
  readonly callSid: string;
  /** ISO 8601, UTC; null when the log does not tell. */
  readonly startedAt: string | null;
  readonly durationMs: number;
  /** How much of what was sent of the agent was heard, and how much was not. */
  readonly agentMs: { readonly heard: number; readonly cleared: number };
  /** What a kept recording pins, or null. */
  readonly why: string | null;
  /** Why the call ended; null when the log does not tell. */
  readonly endReason: string | null;
  /** What is not shown and why: a sentence each. */
  readonly missing: readonly string[];
  /** When each side is loud enough to be understood. */
  readonly speech: { readonly caller: readonly TimeSpan[]; readonly agent: readonly TimeSpan[] };
  readonly captions: readonly Caption[];
  readonly waits: readonly WaitSpan[];
  readonly bars: readonly TimelineBar[];
  readonly events: readonly TimelineEvent[];
  readonly usage: readonly UsagePoint[];
  /** The lines of the log that something above names, by their number; long ones are cut. */
  readonly logLines: Readonly<Record<number, string>>;
}

/** The sound of a call in 8 kHz mu-law, each from the call's first millisecond on. */
export interface CallSound {
  readonly caller: Uint8Array;
  /** What the caller heard of the agent. */
  readonly heard: Uint8Array;
  /** What the caller would have heard if it had not been cleared. */
  readonly cleared: Uint8Array;
}
