import type { SeenCall, RoundFacts, StrikeFacts } from './round-facts.ts';
import { wasCutOff, longestQuiet, streamAt } from './struck-calls.ts';

/** Callers and agent take turns of about three seconds, and who waits longer hears a tone. */
const silenceMsMax = 5_000;

/** As long as the phone network waits for an answer. */
const answeredMsMax = 15_000;

/** What callers noticed of a database that was away. */
export interface AwayCalls {
  readonly live: number;
  readonly unaffected: number;
  readonly placed: number;
  readonly answered: number;
  /** The calls that noticed something or were not answered. */
  readonly failures: readonly string[];
}

/** Looks at the calls that were live when the database went away, and at those that came meanwhile. */
export function awayCalls({ calls }: RoundFacts, strike: StrikeFacts): AwayCalls {
  const { atMs, untilMs } = strike;
  const live = calls.filter((call) => streamAt(call, atMs) !== undefined);
  const affected = live.filter((call) => !isUnaffected(call, strike));
  const placed = calls.filter(({ placedMs }) => placedMs >= atMs && placedMs <= untilMs);
  const unanswered = placed.filter(
    ({ placedMs, streams: [stream] }) => (stream?.fromMs ?? Infinity) > placedMs + answeredMsMax,
  );
  return {
    live: live.length,
    unaffected: live.length - affected.length,
    placed: placed.length,
    answered: placed.length - unanswered.length,
    failures: [
      ...affected.map(({ callSid }) => `${callSid} affected`),
      ...unanswered.map(({ callSid, endReason }) => `${callSid} not answered (${endReason ?? 'live'})`),
    ],
  };
}

/** Whether a caller kept the agent, on the same stream, and never waited for long. */
function isUnaffected(call: SeenCall, { atMs, untilMs }: StrikeFacts): boolean {
  const stream = streamAt(call, atMs);
  const toMs = Math.min(untilMs, call.endedMs ?? Infinity);
  // The stream of a caller who hangs up ends in the same moment.
  const isKept = (stream?.toMs ?? Infinity) >= toMs - 100;
  return isKept && !wasCutOff(call, atMs, untilMs) && longestQuiet(call, atMs, toMs) <= silenceMsMax;
}
