import type { Half } from '../voice/material/voices.ts';
import { playTurns, type PlayedCall } from './call/played-call.ts';
import type { TurnsModel } from './call/model-profile.ts';
import { drawCall } from './material/turns-call.ts';
import { greetingName } from './material/agent-replies.ts';
import { turnRows } from './material/turn-rows.ts';
import { heardError, isCutBefore, restarts, scoreSound, type SoundScore } from './score/call-score.ts';
import { earFrameMs } from './score/ear.ts';

/** One call to play. */
export interface TurnsOrder extends TurnsModel {
  readonly row: string;
  readonly half: Half;
  readonly seed: number;
  /** How many things happen in it. */
  readonly eventsMax: number;
}

/** What became of a call. */
export interface TurnsResult extends TurnsOrder {
  /** What the row is about, and the questions beside it. */
  readonly events: readonly SoundScore[];
  readonly questions: readonly SoundScore[];
  /** For each cut of the agent, how far the heard position was off, in ms. */
  readonly heardErrorsMs: readonly number[];
  readonly greetingRestarts: number;
  /** The greeting was cut although nobody had spoken yet. */
  readonly isGreetingCut: boolean;
  /** Media messages, and for how long the agent was heard, in ms. */
  readonly writes: number;
  readonly wordsMs: number;
  readonly broken: readonly string[];
}

/** Plays and scores one call. */
export function runTurns(order: TurnsOrder): TurnsResult {
  const row = turnRows.find(({ name }) => name === order.row);
  if (row === undefined) throw new RangeError(`There is no row named ${order.row}.`);
  return scoredCall(order, playTurns(drawCall(row, order.half, order.seed, order.eventsMax), order));
}

/** Scores a call that was played. */
export function scoredCall(order: TurnsOrder, { ear, said, cuts, writes, broken }: PlayedCall): TurnsResult {
  const endMs = ear.words.length * earFrameMs;
  const scores = said.map((sound, at) => ({
    kind: sound.kind,
    score: scoreSound(sound, ear, said[at + 1]?.onsetMs ?? endMs),
  }));
  return {
    ...order,
    events: scores.filter(({ kind }) => kind === 'event').map(({ score }) => score),
    questions: scores.filter(({ kind }) => kind === 'question').map(({ score }) => score),
    heardErrorsMs: cuts.flatMap(({ atMs, heardMs }) => heardError(ear, atMs, heardMs) ?? []),
    greetingRestarts: restarts(greetingName, ear),
    isGreetingCut: isCutBefore(
      greetingName,
      ear,
      cuts.map(({ atMs }) => atMs),
      said[0]?.onsetMs ?? endMs,
    ),
    writes,
    wordsMs: ear.words.filter((isWords) => isWords).length * earFrameMs,
    broken,
  };
}
