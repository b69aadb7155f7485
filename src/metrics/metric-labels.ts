import type { TurnFault } from '../call/agent/model-turn.ts';
import type { CallEnding } from '../call/call-observer.ts';
import type { EndReason } from '../call/effects.ts';
import type { RotationCause } from '../call/session/rotation.ts';
import type { Expected } from '../call/watchdog/expectation.ts';
import type { LeaseState } from '../fleet/lease-keeper.ts';
import type { NoRoom } from '../host/call-registry.ts';
import type { JournalState } from '../store/journal.ts';
import type { Refusal } from '../system/refusals.ts';

// What labels can be. Each list is complete by its type: what is new does not compile until it stands here.

export const outcomeNames = Object.keys({
  callerHungUp: true,
  agentHungUp: true,
  endedByOperator: true,
  transferred: true,
  apologised: true,
  leftVoicemail: true,
  streamNeverStarted: true,
  redirectFailed: true,
  dialTimedOut: true,
  crashed: true,
  fenced: true,
  released: true,
} satisfies Record<EndReason | Exclude<CallEnding['how'], 'ended'>, true>);

export const noRoomNames = Object.keys({ full: true, draining: true, overloaded: true } satisfies Record<NoRoom, true>);

export const journalStateNames = Object.keys({
  off: true,
  opening: true,
  open: true,
  failing: true,
  closed: true,
} satisfies Record<JournalState['kind'], true>);

export const leaseStateNames = Object.keys({ held: true, unsure: true, doubtful: true } satisfies Record<
  LeaseState['kind'],
  true
>);

export const refusalNames = Object.keys({
  webhookRefused: true,
  upgradeRefused: true,
  streamRefused: true,
  requestRefused: true,
  connectionRefused: true,
  viewerRefused: true,
  socketError: true,
} satisfies Record<Refusal, true>);

export const rotationCauses = Object.keys({ age: true, goAway: true, slow: true, pictures: true } satisfies Record<
  RotationCause,
  true
>);

/** What was missing or wrong when the model had to be helped. */
export const escalationCauses = Object.keys({
  greeting: true,
  answer: true,
  question: true,
  rest: true,
  toolResult: true,
  sentence: true,
  anything: true,
  silentTurn: true,
  textOnlyTurn: true,
  inaudibleTurn: true,
  repeatedTurn: true,
} satisfies Record<Expected | TurnFault | 'repeatedTurn', true>);
