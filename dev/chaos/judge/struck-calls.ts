import { faultRules } from '../faults.ts';
import type { SeenCall, RoundFacts, SeenSession, Stretch, StrikeFacts } from './round-facts.ts';

/** What is younger than this when a process dies may be lost: the journal is written five times a second. */
const writtenMs = 1_000;

/** A greeting lasts less than this. */
const greetingMsMax = 2_000;

/** How long after a fault that leaves nothing behind a call may take to show that it goes on: two turns of the caller. */
const shownMsMax = 10_000;

/** How far the clocks of two processes of this machine may be apart: each counts on from its own start. */
const clocksApartMs = 100;

/** A caller who hangs up earlier than this after a process was struck has not waited for the call to go on. */
const patienceMs = 4_000;

/**
 * What became of a call whose process was struck. `stayed`: it went on where it was. `wentOn`: elsewhere, with its context. `forgotten`: without
 * what the caller had said. `greetedAgain`: as a new call. `silent`: nobody spoke. `left`: its caller hung up before any of that could be seen.
 */
export type Fate = 'stayed' | 'wentOn' | 'forgotten' | 'greetedAgain' | 'silent' | 'cutOff' | 'left';

/** A call that a fault has met. */
export interface StruckCall {
  readonly callSid: string;
  readonly fate: Fate;
  /** How long the caller heard nothing; null where that is not known. */
  readonly silenceMs: number | null;
}

/** The calls that a process had when it was struck. */
export function struckCalls(facts: RoundFacts, strike: StrikeFacts): StruckCall[] {
  const { atMs, instance } = strike;
  return facts.calls
    .filter((call) => streamAt(call, atMs) !== undefined && ownerAt(facts, call.callSid, atMs) === instance)
    .map((call) => {
      const sessions = facts.sessions.filter(({ callerDigits }) => callerDigits === call.callerDigits);
      return { callSid: call.callSid, ...fateOf(call, sessions, strike) };
    });
}

/** The stream of a call at a moment, or just before it. */
export function streamAt(call: SeenCall, atMs: number): Stretch | undefined {
  return call.streams.find(({ fromMs, toMs }) => fromMs <= atMs && (toMs ?? Infinity) > atMs - clocksApartMs);
}

/** Whether the caller was cut off, or got an apology in the place of the agent, from one moment up to another. */
export function wasCutOff(call: SeenCall, fromMs: number, toMs: number): boolean {
  const isWithin = (atMs: number | null): boolean => atMs !== null && atMs >= fromMs && atMs <= toMs;
  return isWithin(call.apologisedMs) || (isWithin(call.endedMs) && call.endReason !== 'callerHungUp');
}

function ownerAt({ taken }: RoundFacts, callSid: string, atMs: number): string | null {
  return taken.findLast((one) => one.callSid === callSid && one.atMs <= atMs)?.instance ?? null;
}

function fateOf(
  call: SeenCall,
  sessions: readonly SeenSession[],
  strike: StrikeFacts,
): { readonly fate: Fate; readonly silenceMs: number | null } {
  const { atMs, untilMs, fault } = strike;
  if (wasCutOff(call, atMs, untilMs + shownMsMax)) return { fate: 'cutOff', silenceMs: null };
  const next = call.streams.find(({ fromMs }) => fromMs > atMs && fromMs <= untilMs + shownMsMax);
  const ended = call.endedMs ?? Infinity;
  if (next === undefined) {
    const isThere = streamAt(call, untilMs + writtenMs) !== undefined;
    if (isThere) return { fate: 'stayed', silenceMs: longestQuiet(call, atMs, untilMs + writtenMs) };
    const patience = faultRules[fault].silenceMsMax ?? untilMs - atMs + patienceMs;
    return { fate: ended < atMs + patience ? 'left' : 'silent', silenceMs: null };
  }
  const heard = call.sounds.find(({ toMs }) => (toMs ?? Infinity) > next.fromMs);
  const session = sessions.find((one) => one.openedMs > atMs && one.spokeMs !== null);
  if (heard === undefined || session === undefined)
    return { fate: ended < next.fromMs + patienceMs ? 'left' : 'silent', silenceMs: null };
  const before = call.sounds.findLast(({ fromMs }) => fromMs < next.fromMs);
  const quietMs = Math.max(atMs, Math.min(before?.toMs ?? atMs, next.fromMs));
  const silenceMs = Math.max(0, heard.fromMs - quietMs);
  return { fate: contextOf(session, sessions, atMs), silenceMs };
}

/** Whether a session that was opened for a call in its middle knew of it. */
function contextOf(session: SeenSession, sessions: readonly SeenSession[], atMs: number): Fate {
  const told = sessions.find(({ toldMs }) => toldMs !== null && toldMs <= atMs - writtenMs);
  const hasBegun = sessions.some(({ spokeMs }) => spokeMs !== null && spokeMs <= atMs - greetingMsMax);
  if (session.wasAskedToGreet && hasBegun) return 'greetedAgain';
  const conversation = told?.conversation ?? null;
  return conversation === null || session.known.includes(conversation) ? 'wentOn' : 'forgotten';
}

/** The longest time from one moment up to another in which nothing was to be heard. */
export function longestQuiet({ sounds }: SeenCall, fromMs: number, toMs: number): number {
  let quietMs = fromMs;
  let longestMs = 0;
  for (const sound of sounds) {
    if (sound.fromMs >= toMs) break;
    longestMs = Math.max(longestMs, sound.fromMs - quietMs);
    quietMs = Math.max(quietMs, sound.toMs ?? toMs);
  }
  return Math.max(longestMs, toMs - quietMs);
}
