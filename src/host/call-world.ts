import type { AudioPath } from '../audio/audio-path.ts';
import type { Call } from '../call/call.ts';
import type { CallObserver } from '../call/call-observer.ts';
import type { CallSettings } from '../call/call-settings.ts';
import type { CallInstruction, CallEffect } from '../call/effects.ts';
import type { CallFact } from '../call/events.ts';
import type { ModelSession } from '../gemini/live-session.ts';
import type { Clock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import type { Randomness } from '../system/randomness.ts';
import type { Redirect } from '../twilio/redirect.ts';
import type { ToolRunnerParts } from './tool-runner.ts';

/** With what a model session begins. */
export type ModelOrder = Extract<CallEffect, { type: 'model.open' }>;

/** What a call needs of the world. */
export interface CallWorld {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly settings: CallSettings;
  readonly audioPath: AudioPath;
  readonly tools: Pick<ToolRunnerParts, 'tools' | 'runTool'>;
  readonly redirect: Redirect;
  /** `after` is the session before, which must be gone. */
  readonly openModel: (
    order: ModelOrder,
    after: ModelSession | null,
    onFact: (fact: CallFact) => void,
    log: Logger,
  ) => ModelSession;
  /** Writes the TwiML of a instruction. The token is what the next stream must bring. */
  readonly render: (instruction: CallInstruction, streamToken: string) => string;
  readonly observers: readonly CallObserver[];
  /** Calls `done`, in bounded time, when the observers' notes are safe, or when another process turned out to have the call: then `fence` was called. */
  readonly settled: (done: () => void) => void;
  /** Calls `done`, in bounded time, when the notes are safe with which another process goes on. No note is taken afterwards. */
  readonly release: (done: () => void) => void;
  /** The call needs nothing of this process any more. */
  readonly onEnd: () => void;
  /** Makes the call; a test may hand in a broken one. */
  readonly makeCall?: (settings: CallSettings, audioPath: AudioPath) => Call;
}
