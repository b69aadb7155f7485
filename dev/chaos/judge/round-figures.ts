import { quantilesOf } from '../../figures/quantiles.ts';
import { type ChaosFault, faultRules } from '../faults.ts';
import { awayCalls } from './database-away.ts';
import type { SeenCall, RoundFacts, StrikeFacts } from './round-facts.ts';
import { type Fate, struckCalls } from './struck-calls.ts';

/** What one kind of fault did in a round. */
export interface FaultFigures {
  readonly fault: ChaosFault;
  readonly strikes: number;
  /** Calls that were live at the process or, where the database was struck, anywhere, without those whose callers left at once. */
  readonly live: number;
  /** How many of them went on: elsewhere with their context, or, where the database was struck, as if nothing were. */
  readonly wentOn: number;
  readonly cutOff: number;
  /** How long callers of a struck process heard nothing, in ms; NaN where that is not asked. */
  readonly silenceP50Ms: number;
  readonly silenceP95Ms: number;
  /** Calls that came while the database was away, and how many of them were answered. */
  readonly placed: number;
  readonly answered: number;
  /** The calls that did not go on, and what became of each. */
  readonly failures: readonly string[];
}

/** What a whole round did. */
export interface RoundFigures {
  readonly faults: readonly FaultFigures[];
  readonly calls: number;
  readonly webhooksFailed: number;
  readonly webhooksRetried: number;
  readonly effects: number;
  readonly effectsTwice: number;
  readonly refused: number;
  /** How many calls there were beyond the limit, at most. */
  readonly callsOver: number;
  /** Calls that the service had taken and that have no end in the journal, by CallSid. */
  readonly unended: readonly string[];
  /** How late the processes were that are not measured: the 99th percentile and the worst of all. */
  readonly lateMs: number;
  readonly stalledMs: number;
  /** What went wrong with requests, in words. */
  readonly failures: readonly string[];
}

/** Counts what a round did. */
export function roundFigures(facts: RoundFacts): RoundFigures {
  const { calls, strikes, effects, journal, callsMax, late } = facts;
  const failed = calls.flatMap(({ failedWebhooks }) => failedWebhooks);
  return {
    faults: [...new Set(strikes.map(({ fault }) => fault))].map((fault) => figuresOf(facts, fault)),
    calls: calls.length,
    webhooksFailed: failed.length,
    webhooksRetried: calls.reduce((sum, { retriedWebhooks }) => sum + retriedWebhooks, 0),
    effects: effects.length,
    effectsTwice: effects.length - new Set(effects).size,
    refused: calls.filter(isRefused).length,
    callsOver: Math.max(0, mostAtOnce(calls) - callsMax),
    unended: calls
      .filter(({ callSid, answeredMs }) => answeredMs !== null && typeof journal.get(callSid) !== 'string')
      .map(({ callSid }) => callSid),
    lateMs: Math.max(0, ...late.map(({ p99Ms }) => p99Ms)),
    stalledMs: Math.max(0, ...late.map(({ maxMs }) => maxMs)),
    failures: failed.map(({ purpose, detail }) => `${purpose}: ${detail}`),
  };
}

function figuresOf(facts: RoundFacts, fault: ChaosFault): FaultFigures {
  const strikes = facts.strikes.filter((strike) => strike.fault === fault);
  return faultRules[fault].strikes === 'database'
    ? databaseFigures(facts, fault, strikes)
    : processFigures(facts, fault, strikes);
}

function databaseFigures(facts: RoundFacts, fault: ChaosFault, strikes: readonly StrikeFacts[]): FaultFigures {
  const away = strikes.map((strike) => awayCalls(facts, strike));
  const sum = (of: 'live' | 'unaffected' | 'placed' | 'answered'): number =>
    away.reduce((total, one) => total + one[of], 0);
  return {
    fault,
    strikes: strikes.length,
    live: sum('live'),
    wentOn: sum('unaffected'),
    cutOff: 0,
    silenceP50Ms: Number.NaN,
    silenceP95Ms: Number.NaN,
    placed: sum('placed'),
    answered: sum('answered'),
    failures: away.flatMap(({ failures }) => failures),
  };
}

function processFigures(facts: RoundFacts, fault: ChaosFault, strikes: readonly StrikeFacts[]): FaultFigures {
  const struck = strikes.flatMap((strike) => struckCalls(facts, strike)).filter(({ fate }) => fate !== 'left');
  const at = quantilesOf(struck.flatMap(({ silenceMs }) => silenceMs ?? []));
  return {
    fault,
    strikes: strikes.length,
    live: struck.length,
    wentOn: struck.filter(({ fate }) => isWell(fate)).length,
    cutOff: struck.filter(({ fate }) => fate === 'cutOff').length,
    silenceP50Ms: at(0.5),
    silenceP95Ms: at(0.95),
    placed: 0,
    answered: 0,
    failures: struck.filter(({ fate }) => !isWell(fate)).map(({ callSid, fate }) => `${callSid} ${fate}`),
  };
}

function isWell(fate: Fate): boolean {
  return fate === 'wentOn' || fate === 'stayed';
}

/** The caller got the busy tone. */
function isRefused({ streams, endReason }: SeenCall): boolean {
  return streams.length === 0 && endReason === 'rejected';
}

/** How many calls had a stream or were between two, at the fullest moment. */
function mostAtOnce(calls: readonly SeenCall[]): number {
  const steps = calls
    .flatMap(({ streams: [first], endedMs }) =>
      first === undefined
        ? []
        : [
            { atMs: first.fromMs, by: 1 },
            { atMs: endedMs ?? Infinity, by: -1 },
          ],
    )
    .toSorted((a, b) => a.atMs - b.atMs || a.by - b.by);
  let live = 0;
  return steps.reduce((most, { by }) => {
    live += by;
    return Math.max(most, live);
  }, 0);
}
