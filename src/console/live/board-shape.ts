import { z } from 'zod';
import type { Board, BoardChange } from './board.ts';

// What other processes tell of their boards. One of another version may tell something else, and a page that is given a part of it breaks.

const counts = z.record(z.string(), z.number());

const liveCall = z.object({
  callSid: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  agent: z.string(),
  source: z.string(),
  process: z.string().nullable(),
  startedAtMs: z.number(),
  stage: z.string(),
  speaks: z.string(),
  lastWords: z.object({ caller: z.string(), agent: z.string() }),
  waitsMs: z.array(z.number()),
  worstWaitMs: z.number().nullable(),
  model: z.object({
    health: z.enum(['none', 'connecting', 'live', 'lost', 'recovering', 'closed']),
    sessions: z.number(),
  }),
  tools: z.array(z.string()),
  faults: z.number(),
  costUsd: z.number().nullable(),
  tokens: z.number(),
  end: z.object({ atMs: z.number(), outcome: z.string() }).nullable(),
});

const summary = z.object({
  load: z.object({
    calls: z.number(),
    callsMax: z.number(),
    modelSessions: z.number(),
    isDraining: z.boolean(),
  }),
  day: z.object({ sinceMs: z.number(), calls: z.number(), byOutcome: counts, refused: counts }),
  problems: z.array(
    z.object({
      code: z.string(),
      what: z.string(),
      remedy: z.string(),
      met: z.object({ times: z.number(), lastMs: z.number() }).nullable(),
    }),
  ),
});

const calls = { calls: z.array(liveCall), ended: z.array(liveCall) };
const board = z.object({ nowMs: z.number(), ...calls, summary });
const boardChange = z.object({ ...calls, summary: summary.optional() });

/** Whether this is all of a board. */
export function isBoard(told: unknown): told is Board {
  return board.safeParse(told).success;
}

/** Whether this is what has changed of a board. */
export function isBoardChange(told: unknown): told is BoardChange {
  return boardChange.safeParse(told).success;
}
