import type { ReplyPlace } from '../call/reply-locator.ts';
import { earFrameMs, type EarLog, firstStop, longestSilence, tickStops, tickYieldTime, yieldTime } from './ear.ts';

/** After a sound that asks for nothing, a stop of the agent still counts as caused by it for so long, in ms. */
const causedMs = 1_000;

/** A pause up to this length is a moment of listening, and not a stop that the caller has to bridge, in ms. */
const pauseMsMax = 500;

/** A jump of the reply below this is no lost or repeated sound, in ms: two frames of the line. */
const jumpMsMin = 40;

/** After a cut, silence at the ear follows within this time, in ms. */
const cutMsMax = 400;

/** What the line brought, in ms of the line. */
export interface HappenedSound {
  readonly name: string;
  readonly onsetMs: number;
  readonly endMs: number;
  /** The reply that the agent was saying; null for none. */
  readonly over: string | null;
  readonly asks: 'yield' | 'goOn' | 'answer';
}

/** What the caller heard: whether there were words in each frame, and which moment of which reply began it, where that is known. */
export interface HeardAgent {
  readonly words: EarLog;
  readonly places: readonly (ReplyPlace | null)[];
  /** How much of each frame sounded, in ms. */
  readonly soundingMs: readonly number[];
  /** How long a reply is, in ms. */
  lengthMs(reply: string): number;
}

/** What became of one sound. */
export interface SoundScore {
  readonly name: string;
  readonly onsetMs: number;
  readonly asks: HappenedSound['asks'];
  /** The agent did not speak where it was to be spoken over, so nothing can be said. */
  readonly isVoid: boolean;
  /** From the onset to the silence at the ear, in ms; null without silence within 2 s. In frames of 20 ms, and by τ-voice's ticks. */
  readonly yieldMs: number | null;
  readonly tickYieldMs: number | null;
  /** Whether the agent stopped by τ-voice, within 1 s of the onset. */
  readonly tickStopped: boolean;
  /** Whether it stopped for 200 ms at any time up to 1 s after the end of the sound. */
  readonly stopped: boolean;
  /** Whether no pause was longer than 500 ms. */
  readonly wentOn: boolean;
  /** From the end of the caller's speech to the first word of another reply, in ms; negative when it begins before; null for none. */
  readonly answerMs: number | null;
  /** Of the reply that went on: what was left out, and what was said twice, in ms. */
  readonly lostMs: number;
  readonly twiceMs: number;
  /** The reply was heard again after the agent had yielded. */
  readonly cameBack: boolean;
}

/** Scores one sound by what the caller heard until `untilMs`, when the next one began or the call was over. */
export function scoreSound(sound: HappenedSound, heard: HeardAgent, untilMs: number): SoundScore {
  const { name, onsetMs, endMs, over, asks } = sound;
  const { words } = heard;
  const yieldMs = yieldTime(words, onsetMs);
  const answerAt = answerFrame(sound, heard, untilMs);
  const isVoid = asks !== 'answer' && (over === null || words[Math.floor(onsetMs / earFrameMs)] !== true);
  const causedUntilMs = Math.min(untilMs, endMs + causedMs, wordsUntilMs(sound, heard));
  return {
    name,
    onsetMs,
    asks,
    isVoid,
    yieldMs,
    tickYieldMs: tickYieldTime(words, onsetMs),
    tickStopped: tickStops(words, onsetMs),
    stopped: firstStop(words, onsetMs, causedUntilMs) !== null,
    wentOn: longestSilence(words, onsetMs, causedUntilMs) <= pauseMsMax,
    answerMs: answerAt === null ? null : answerAt * earFrameMs - endMs,
    ...jumps(over, heard, onsetMs, untilMs),
    cameBack: yieldMs !== null && over !== null && isHeard(over, heard, onsetMs + yieldMs, untilMs),
  };
}

/** When the agent will have said all that it had to say at the onset, if nothing comes between. */
function wordsUntilMs({ onsetMs, over }: HappenedSound, heard: HeardAgent): number {
  const place = heard.places[Math.floor(onsetMs / earFrameMs)] ?? null;
  if (place === null || place.reply !== over) return Infinity;
  return onsetMs + heard.lengthMs(place.reply) - place.atMs - 2 * earFrameMs;
}

/** The first frame with words of an answer: of any reply but the one that was spoken over. */
function answerFrame({ onsetMs, over }: HappenedSound, { words, places }: HeardAgent, untilMs: number): number | null {
  for (let frame = Math.ceil(onsetMs / earFrameMs); frame * earFrameMs < untilMs && frame < words.length; frame++) {
    if (words[frame] !== true) continue;
    const place = places[frame] ?? null;
    if (over === null || (place !== null && place.reply !== over)) return frame;
  }
  return null;
}

/** What a reply left out and said twice while something was said over it. */
function jumps(
  over: string | null,
  { words, places }: HeardAgent,
  fromMs: number,
  untilMs: number,
): { readonly lostMs: number; readonly twiceMs: number } {
  let lostMs = 0;
  let twiceMs = 0;
  let expectedMs: number | null = null;
  for (let frame = Math.floor(fromMs / earFrameMs); frame * earFrameMs < untilMs && frame < words.length; frame++) {
    const place = places[frame] ?? null;
    if (place !== null && place.reply === over) {
      const jumpMs = expectedMs === null ? 0 : place.atMs - expectedMs;
      if (jumpMs > jumpMsMin) lostMs += jumpMs;
      if (jumpMs < -jumpMsMin) twiceMs -= jumpMs;
      expectedMs = place.atMs + earFrameMs;
    } else if (words[frame] === true && expectedMs !== null) expectedMs += earFrameMs;
  }
  return { lostMs, twiceMs };
}

function isHeard(reply: string, { places }: HeardAgent, fromMs: number, untilMs: number): boolean {
  return places
    .slice(Math.ceil(fromMs / earFrameMs), Math.floor(untilMs / earFrameMs))
    .some((one) => one?.reply === reply);
}

/**
 * How far what Parley took for heard is from what was, for a cut at `atMs`, in ms: positive when the caller had heard less. Null when the
 * agent was not heard in that moment, or neither silent nor at another place soon after.
 */
export function heardError(heard: HeardAgent, atMs: number, heardMs: number): number | null {
  const { words, places, soundingMs } = heard;
  const at = Math.floor(atMs / earFrameMs);
  const last = places.findLastIndex((place, frame) => place !== null && frame <= at);
  const place = places[last];
  if (words[at] !== true || place === undefined || place === null || last < at - 1) return null;
  const end = cutFrame(place, last, heard);
  if (end === null || (end - at) * earFrameMs > cutMsMax) return null;
  // The last frame holds less than 20 ms of it.
  const soundedMs = soundingMs.slice(last, end + (words[end] === true ? 0 : 1)).reduce((sum, ms) => sum + ms, 0);
  return heardMs - (place.atMs + soundedMs - beganAt(place, heard, last));
}

/** The frame after `last` in which the agent is silent or elsewhere; null when it goes on to the end. */
function cutFrame({ reply, atMs }: ReplyPlace, last: number, { words, places }: HeardAgent): number | null {
  for (let frame = last + 1; frame < words.length; frame++) {
    if (words[frame] !== true) return frame;
    const place = places[frame] ?? null;
    const expectedMs = atMs + (frame - last) * earFrameMs;
    if (place !== null && (place.reply !== reply || Math.abs(place.atMs - expectedMs) > jumpMsMin)) return frame;
  }
  return null;
}

/** Where in its reply the agent began what it says in the frame `last`: audio that comes late begins in the middle. */
function beganAt(place: ReplyPlace, { words, places }: HeardAgent, last: number): number {
  let beganMs = place.atMs;
  let sinceMs = 0;
  for (let frame = last - 1; frame >= 0; frame--) {
    // In a pause the reply stands still; what is softer than it was sent goes on, though nobody knows where it is.
    if (words[frame] === true) sinceMs += earFrameMs;
    const earlier = places[frame] ?? null;
    if (earlier === null) continue;
    if (earlier.reply !== place.reply || Math.abs(beganMs - sinceMs - earlier.atMs) > jumpMsMin) break;
    beganMs = earlier.atMs;
    sinceMs = 0;
  }
  return Math.max(0, beganMs);
}

/** How often a reply began anew: it jumps back by more than a second. */
export function restarts(reply: string, { places }: HeardAgent): number {
  let count = 0;
  let last = 0;
  for (const place of places) {
    if (place?.reply !== reply) continue;
    if (place.atMs < last - 1_000) count += 1;
    last = place.atMs;
  }
  return count;
}

/** Whether a reply was cut before `untilMs`, by a cut at one of these times, in ms of the line. */
export function isCutBefore(
  reply: string,
  { places }: HeardAgent,
  cutsMs: readonly number[],
  untilMs: number,
): boolean {
  return cutsMs.some((atMs) => {
    const frame = Math.floor(atMs / earFrameMs);
    return atMs < untilMs && places.slice(Math.max(0, frame - 5), frame + 1).some((place) => place?.reply === reply);
  });
}
