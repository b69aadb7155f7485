import type { SeenCall, RoundFacts, SeenSession, Stretch, StrikeFacts } from '../../../dev/chaos/judge/round-facts.ts';

/** A second in ms, so that times of tests are read in seconds. */
const second = 1_000;

/** From one second up to another. */
export function stretch(from: number, to: number | null): Stretch {
  return { fromMs: from * second, toMs: to === null ? null : to * second };
}

/** A call that began at 0 and lasts, unless other things are said. */
export function callFacts(of: Partial<SeenCall>): SeenCall {
  return {
    callSid: 'CA1',
    callerDigits: '1',
    placedMs: 0,
    answeredMs: 100,
    streams: [stretch(0, null)],
    sounds: [],
    endedMs: null,
    endReason: null,
    apologisedMs: null,
    failedWebhooks: [],
    retriedWebhooks: 0,
    ...of,
  };
}

/** A session of that call that was opened at some second and spoke half a second later. */
export function sessionFacts(openedSecond: number, of: Partial<SeenSession>): SeenSession {
  const openedMs = openedSecond * second;
  return {
    callerDigits: '1',
    openedMs,
    spokeMs: openedMs + 500,
    wasAskedToGreet: false,
    conversation: 1_001,
    toldMs: null,
    known: [],
    ...of,
  };
}

/** Process `a` is killed from second 10 to 12. */
export const killed: StrikeFacts = { fault: 'kill', instance: 'a', atMs: 10 * second, untilMs: 12 * second };

/** A round of one call, which process `a` has. */
export function roundFacts(of: Partial<RoundFacts>): RoundFacts {
  return {
    calls: [callFacts({})],
    sessions: [],
    strikes: [killed],
    taken: [{ callSid: 'CA1', instance: 'a', atMs: 0 }],
    effects: [],
    journal: new Map([['CA1', 'callerHungUp']]),
    callsMax: 10,
    late: [],
    ...of,
  };
}
