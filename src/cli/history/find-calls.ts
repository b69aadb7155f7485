import { anyCall, type CallHistory, type PastCall, pageCallsMax } from '../../store/history/call-history.ts';
import { parseMoment } from './moment.ts';

/** The longest call, which is the longest MAX_CALL_SECONDS, and a transfer after it. */
const callMsMax = 8 * 3_600_000;

/** A call this close is offered when none was going on at the time that was named. */
const nearMsMax = 15 * 60_000;

/** What was meant by a name for a call, and what it led to. */
export interface FoundCalls {
  /** The likeliest first. */
  readonly calls: readonly PastCall[];
  /** What must be said about them, in words; null when nothing. */
  readonly note: string | null;
  readonly missing: string | null;
}

/** Whether a text can name a call of the history: a CallSid, a time, or at least three digits of a number. */
export function namesCall(text: string, nowMs: number): boolean {
  return isCallSid(text) || parseMoment(text, nowMs) !== null || isNumber(text);
}

/** Finds the calls that a text names. Rejects as the history does. */
export async function findCalls(history: CallHistory, text: string, nowMs: number): Promise<FoundCalls> {
  if (isCallSid(text)) {
    const story = await history.find(text);
    return { calls: story === null ? [] : [story.call], note: null, missing: story?.missing ?? null };
  }
  const moment = parseMoment(text, nowMs);
  if (moment === null) {
    const { calls, missing } = await history.list({ ...anyCall, number: text }, { after: null, limit: 20 });
    return {
      calls,
      note: calls.length > 1 ? 'Several calls have this number: the newest comes first.' : null,
      missing,
    };
  }
  const { fromMs, untilMs } = moment;
  const span = { ...anyCall, sinceMs: fromMs - callMsMax, untilMs: untilMs + nearMsMax };
  const { calls, missing } = await history.list(span, { after: null, limit: pageCallsMax });
  const began = calls.filter(({ startedAtMs }) => startedAtMs >= fromMs && startedAtMs < untilMs);
  if (began.length > 0) return { calls: began.toReversed(), note: null, missing };
  const live = calls.filter(({ startedAtMs, endedAtMs }) => startedAtMs < untilMs && (endedAtMs ?? nowMs) >= fromMs);
  if (live.length > 0) return { calls: live, note: 'No call began then. This one was going on:', missing };
  const near = calls.filter((call) => distanceMs(call, fromMs) <= nearMsMax);
  const nearest = near.toSorted((a, b) => distanceMs(a, fromMs) - distanceMs(b, fromMs)).slice(0, 1);
  return {
    calls: nearest,
    note: nearest.length === 0 ? null : 'No call was going on then. This one is the nearest:',
    missing,
  };
}

function distanceMs({ startedAtMs, endedAtMs }: PastCall, atMs: number): number {
  return startedAtMs > atMs ? startedAtMs - atMs : Math.max(0, atMs - (endedAtMs ?? atMs));
}

/** Whether a text has the form of a CallSid. */
export function isCallSid(text: string): boolean {
  return /^CA[0-9a-z]{32}$/i.test(text);
}

function isNumber(text: string): boolean {
  return /^\+?[\d ().-]{3,24}$/.test(text) && text.replaceAll(/\D/g, '').length >= 3;
}
