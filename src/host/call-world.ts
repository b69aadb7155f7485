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

/** What a model session begins with. */
export type ModelOrder = Extract<CallEffect, { type: 'model.open' }>;

/** What the host of one call is made of. */
export interface CallWorld {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly settings: CallSettings;
  readonly audioPath: AudioPath;
  readonly tools: Pick<ToolRunnerParts, 'tools' | 'runTool'>;
  readonly redirect: Redirect;
  /** `after` is the session before, which is closed first. */
  readonly openModel: (
    order: ModelOrder,
    after: ModelSession | null,
    onFact: (fact: CallFact) => void,
    log: Logger,
  ) => ModelSession;
  /** Writes an instruction as TwiML. The token is what the next stream must bring. */
  readonly render: (instruction: CallInstruction, streamToken: string) => string;
  readonly observers: readonly CallObserver[];
  /**
   * Calls `done`, in bounded time, when the journal has all entries of the call. If it turned out that another process has the call,
   * `fence` was called before.
   */
  readonly settled: (done: () => void) => void;
  /** Calls `done`, in bounded time, when the journal has what another process needs to go on. No entry is taken afterwards. */
  readonly release: (done: () => void) => void;
  /** The call needs this process no more. */
  readonly onEnd: () => void;
  /** Makes the call; a test may hand in a broken one. */
  readonly makeCall?: (settings: CallSettings, audioPath: AudioPath) => Call;
}
