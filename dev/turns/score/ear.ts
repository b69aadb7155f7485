/** The line runs in frames of 20 ms; so does all that is measured. */
export const earFrameMs = 20;

/** Silence of this length at the ear is a stop, whether the agent goes on afterwards or not. */
const stopMs = 200;
const stopFrames = stopMs / earFrameMs;

/** τ-voice looks at a conversation in ticks of this length. */
const tickFrames = 200 / earFrameMs;

/** Within this time of the onset of an interruption the agent must have stopped, in ms (τ-voice). */
const yieldWindowMs = 2_000;

/** A backchannel, a cough or words to somebody else were taken for an interruption if the agent stops within this time, in ms (τ-voice). */
const holdWindowMs = 1_000;

/** Whether the caller heard the agent, frame by frame. A pause between the agent's words is no silence: it is sent as sound. */
export type EarLog = readonly boolean[];

/** The first silence of 200 ms or longer that begins in a stretch of time, both in ms; null when there is none. */
export function firstStop(ear: EarLog, fromMs: number, toMs: number): { atMs: number; forMs: number } | null {
  const last = Math.min(ear.length - 1, Math.ceil(toMs / earFrameMs) - 1);
  for (let frame = Math.max(0, Math.floor(fromMs / earFrameMs)); frame <= last; frame++) {
    if (ear[frame] !== false || (frame > 0 && ear[frame - 1] === false)) continue;
    const length = silentFrames(ear, frame);
    if (length >= stopFrames) return { atMs: frame * earFrameMs, forMs: length * earFrameMs };
  }
  return null;
}

/** The longest silence that begins in a stretch of time, in ms; Infinity when the agent was not heard again. */
export function longestSilence(ear: EarLog, fromMs: number, toMs: number): number {
  let longest = 0;
  const last = Math.min(ear.length - 1, Math.ceil(toMs / earFrameMs) - 1);
  for (let frame = Math.max(0, Math.floor(fromMs / earFrameMs)); frame <= last; frame++) {
    if (ear[frame] !== false || (frame > 0 && ear[frame - 1] === false)) continue;
    const length = silentFrames(ear, frame);
    longest = Math.max(longest, frame + length >= ear.length ? Infinity : length * earFrameMs);
  }
  return longest;
}

/** From the onset of the caller's speech to the silence at the ear, in ms; null when there is none within 2 s. */
export function yieldTime(ear: EarLog, onsetMs: number): number | null {
  const stop = firstStop(ear, onsetMs, onsetMs + yieldWindowMs);
  return stop === null ? null : stop.atMs - onsetMs;
}

/** The same by τ-voice: in ticks of 200 ms, counted from the one in which the caller begins; the first tick without the agent is it. */
export function tickYieldTime(ear: EarLog, onsetMs: number): number | null {
  return silentTick(ear, onsetMs, yieldWindowMs);
}

/** Whether the agent stopped by τ-voice: a tick without the agent begins within 1 s of the onset. */
export function tickStops(ear: EarLog, onsetMs: number): boolean {
  return silentTick(ear, onsetMs, holdWindowMs) !== null;
}

function silentTick(ear: EarLog, onsetMs: number, windowMs: number): number | null {
  const first = Math.floor(onsetMs / earFrameMs / tickFrames);
  for (let tick = first; (tick - first) * tickFrames * earFrameMs < windowMs; tick++) {
    const frames = ear.slice(tick * tickFrames, (tick + 1) * tickFrames);
    if (frames.length === tickFrames && !frames.includes(true)) return (tick - first) * tickFrames * earFrameMs;
  }
  return null;
}

function silentFrames(ear: EarLog, from: number): number {
  const next = ear.indexOf(true, from);
  return (next < 0 ? ear.length : next) - from;
}
