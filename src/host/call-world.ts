import type { AudioPath } from '../audio/audio-path.ts';
import type { Call } from '../call/call.ts';
import type { CallObserver } from '../call/call-observer.ts';
import type { CallSettings } from '../call/call-settings.ts';
import type { CalleeInstruction, CallEffect, CallInstruction } from '../call/effects.ts';
import type { CallFact } from '../call/events.ts';
import type { ModelSession, SessionDrivers } from '../gemini/live-session.ts';
import type { Busyness } from '../system/load/busyness.ts';
import type { Logger } from '../system/logger.ts';
import type { StreamSigner } from '../twilio/stream-signer.ts';
import type { CallDrivers, Door } from './call-doors.ts';
import type { EqualWaits } from './timing/equal-waits.ts';
import type { ToolRunnerParts } from './tooling/tool-runner.ts';

/** What a model session begins with. */
export type ModelOrder = Extract<CallEffect, { type: 'model.open' }>;

/** What the host of one call is made of. */
export interface CallWorld extends CallDrivers {
  readonly busyness: Busyness;
  /** Frames of all calls that wait for the next one, `pairMs` each. */
  readonly frameWaits: EqualWaits;
  readonly settings: CallSettings;
  readonly audioPath: AudioPath;
  readonly tools: ToolRunnerParts['tools'];
  /** What the tools learn of the call. */
  readonly served: ToolRunnerParts['call'];
  /** `after` is the session before, which is closed first. */
  readonly openModel: (
    drivers: SessionDrivers,
    order: ModelOrder,
    after: ModelSession | null,
    onFact: (fact: CallFact) => void,
    log: Logger,
  ) => ModelSession;
  /** Writes an instruction for a call as TwiML. The token is what the next stream must bring. */
  readonly render: (instruction: CallInstruction | CalleeInstruction, streamToken: string) => string;
  /** Signs the tokens of streams, so that other processes can tell them; without it, none can. */
  readonly streamSigner?: StreamSigner;
  readonly observers: readonly CallObserver[];
  /** The call needs this process no more. */
  readonly onEnd: () => void;
  /** Makes the call; a test may hand in a broken one. */
  readonly makeCall?: (settings: CallSettings, audioPath: AudioPath) => Call;
  /** Told of whatever enters by a door, just before. A test or a simulation breaks the call by what this throws. */
  readonly onEnter?: (door: Door) => void;
}
