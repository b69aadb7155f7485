import { lowerBound } from '../voice/score/onset-score.ts';
import { tableHead, tableRow } from '../voice/score/voice-tables.ts';
import { modelLatencyMs } from './call/model-profile.ts';
import type { TurnRow } from './material/turn-rows.ts';
import type { SoundScore } from './score/call-score.ts';
import type { TurnsResult } from './turns-batch.ts';
import { quantilesOf } from '../figures/quantiles.ts';

/** A caller who waits longer for an answer has been left alone, in ms. */
const waitMsMax = 10_000;

/** The results of one row. */
export interface RowResults {
  readonly row: TurnRow;
  readonly results: readonly TurnsResult[];
}

/** All tables of one half, in Markdown. */
export function turnsTables(rows: readonly RowResults[]): string {
  const asking = (asks: TurnRow['asks']): readonly RowResults[] => rows.filter(({ row }) => row.asks === asks);
  const tables = [
    table(yieldHead, asking('yield'), yieldCells),
    table(goOnHead, asking('goOn'), goOnCells),
    table(answerHead, asking('answer'), answerCells),
  ];
  return [...tables.filter((text) => text !== ''), callsText(rows)].join('\n\n');
}

const yieldHead = [
  'the agent has to stop',
  'events',
  'stopped within 2 s',
  'by ticks (τ-voice)',
  'onset to silence: mean, p50, p95',
  'answered within 10 s',
  'wait p50, p95',
  'begun over the caller',
  'old reply came back',
];

function yieldCells({ row, results }: RowResults): readonly string[] {
  const events = counted(results);
  const yields = events.flatMap(({ yieldMs }) => yieldMs ?? []);
  const yieldAt = quantilesOf(yields);
  const tickYields = events.filter(({ tickYieldMs }) => tickYieldMs !== null);
  return [
    row.name,
    String(events.length),
    share(yields.length, events.length),
    share(tickYields.length, events.length),
    `${whole(mean(yields))}, ${whole(yieldAt(0.5))}, ${whole(yieldAt(0.95))} ms`,
    share(events.filter(isAnswered).length, events.length),
    waits(events, 0),
    count(events, isBegunOver),
    count(events, ({ cameBack }) => cameBack),
  ];
}

const goOnHead = [
  'the agent has to go on',
  'events',
  'no stop by ticks (τ-voice)',
  'no silence of 200 ms',
  'no pause over 500 ms',
  'sound lost',
  'said twice, over 0.8 s',
];

/** Longer than a cut word that is said again whole. */
const twiceMsMax = 800;

function goOnCells({ row, results }: RowResults): readonly string[] {
  const events = counted(results);
  const of = events.length;
  return [
    row.name,
    String(of),
    share(events.filter(({ tickStopped }) => !tickStopped).length, of),
    share(events.filter(({ stopped }) => !stopped).length, of),
    share(events.filter(({ wentOn }) => wentOn).length, of),
    count(events, ({ wentOn, lostMs }) => wentOn && lostMs > 0),
    count(events, ({ wentOn, twiceMs }) => wentOn && twiceMs > twiceMsMax),
  ];
}

const answerHead = [
  'the agent has to answer',
  'turns',
  'answered within 10 s',
  'begun over the caller',
  'end of speech to first word, without the model: p50, p95',
];

function answerCells({ row, results }: RowResults): readonly string[] {
  const turns = results.flatMap(({ events }) => events);
  return [
    row.name,
    String(turns.length),
    share(turns.filter(isAnswered).length, turns.length),
    count(turns, isBegunOver),
    waits(turns, modelLatencyMs),
  ];
}

/** What is the same whatever happens: the heard position, the greeting, and how much is sent. */
function callsText(rows: readonly RowResults[]): string {
  const results = rows.flatMap((one) => one.results);
  const errors = results.flatMap(({ heardErrorsMs }) => heardErrorsMs.map(Math.abs));
  const errorAt = quantilesOf(errors);
  const sum = (of: (result: TurnsResult) => number): number => results.reduce((total, one) => total + of(one), 0);
  const within = errors.filter((ms) => ms <= 40).length;
  const broken = results.filter((one) => one.broken.length > 0);
  const voided = sum(({ events }) => events.filter(({ isVoid }) => isVoid).length);
  return [
    `Heard position at a cut, off by: p50 ${whole(errorAt(0.5))}, p95 ${whole(errorAt(0.95))}, at most ${whole(Math.max(0, ...errors))} ms; within 40 ms ${share(within, errors.length)} of ${errors.length}.`,
    `Greeting begun anew: ${sum(({ greetingRestarts }) => greetingRestarts)} times in ${results.length} calls.`,
    `Greeting cut before anybody had spoken: ${sum(({ isGreetingCut }) => Number(isGreetingCut))} times.`,
    `Media messages for each second of the agent's speech: ${((1000 * sum(({ writes }) => writes)) / sum(({ wordsMs }) => wordsMs)).toFixed(1)}.`,
    `Not counted, because the agent had stopped before: ${voided} events. Calls that broke: ${broken.length}${broken.length === 0 ? '.' : ` (${broken.map(({ row, seed }) => `${row} ${seed}`).join(', ')}).`}`,
  ].join('\n');
}

function table(
  head: readonly string[],
  rows: readonly RowResults[],
  cells: (row: RowResults) => readonly string[],
): string {
  return rows.length === 0 ? '' : [tableHead(head), ...rows.map((row) => tableRow(cells(row)))].join('\n');
}

function counted(results: readonly TurnsResult[]): readonly SoundScore[] {
  return results.flatMap(({ events }) => events).filter(({ isVoid }) => !isVoid);
}

function isAnswered({ answerMs }: SoundScore): boolean {
  return answerMs !== null && answerMs <= waitMsMax;
}

function isBegunOver({ answerMs }: SoundScore): boolean {
  return answerMs !== null && answerMs < 0;
}

/** How long callers wait for an answer that does not begin before they have finished, without `freeMs`. */
function waits(events: readonly SoundScore[], freeMs: number): string {
  const all = events.flatMap(({ answerMs }) => (answerMs === null || answerMs < 0 ? [] : answerMs - freeMs));
  const at = quantilesOf(all);
  return `${whole(at(0.5))}, ${whole(at(0.95))} ms`;
}

/** How many, and which share that is: what should not be. */
function count(events: readonly SoundScore[], counts: (event: SoundScore) => boolean): string {
  const found = events.filter(counts).length;
  return events.length === 0 ? '-' : `${found} (${((100 * found) / events.length).toFixed(1)} %)`;
}

/** A share, and what is at least reached with 95 % confidence. */
function share(met: number, of: number): string {
  if (of === 0) return '-';
  return `${((100 * met) / of).toFixed(1)} % (≥ ${(100 * Math.max(0, lowerBound(met, of))).toFixed(1)})`;
}

/** NaN of none. */
function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function whole(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(0);
}
