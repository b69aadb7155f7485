import { faultRules } from '../faults.ts';
import type { FaultFigures, RoundFigures } from './round-figures.ts';

/** The share of calls of a struck process that must go on. */
const wentOnShareMin = 0.99;

/** The share of calls that must be answered while the database is away. */
const answeredShareMin = 0.999;

/** With timers later than this, or a stall of so long, silences of some seconds say nothing of the service. */
const lateMsMax = 200;
const stalledMsMax = 3_000;

/** Whether the machine was too busy to tell anything. */
export function isVoid({ lateMs, stalledMs }: RoundFigures): boolean {
  return lateMs > lateMsMax || stalledMs > stalledMsMax;
}

/** What one kind of fault did that must not be, one sentence each. */
export function missedByFault(figures: FaultFigures): string[] {
  const { fault, live, wentOn, cutOff, silenceP95Ms, placed, answered } = figures;
  const { words, strikes, silenceMsMax } = faultRules[fault];
  const shareMin = strikes === 'database' ? 1 : wentOnShareMin;
  return [
    ...(live === 0 ? [`${words}: no call was live, so nothing is known.`] : []),
    ...(wentOn < live * shareMin ? [`${words}: ${wentOn} of ${live} calls went on.`] : []),
    ...(fault === 'deploy' && cutOff > 0 ? [`${words}: ${cutOff} calls were cut off.`] : []),
    ...(silenceMsMax !== null && silenceP95Ms > silenceMsMax
      ? [
          `${words}: callers heard nothing for ${seconds(silenceP95Ms)}, not ${seconds(silenceMsMax)}, at the 95th percentile.`,
        ]
      : []),
    ...(answered < placed * answeredShareMin ? [`${words}: ${answered} of ${placed} new calls were answered.`] : []),
  ];
}

/** What a whole round did that must not be, one sentence each. */
export function missedByRound(figures: RoundFigures): string[] {
  const counts: readonly (readonly [number, string])[] = [
    [figures.webhooksFailed, 'webhooks had no answer'],
    [figures.effectsTwice, 'effects of tools happened twice'],
    [figures.callsOver, 'calls were above the limit'],
    [figures.unended.length, 'calls have no end in the journal'],
  ];
  return counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}.`);
}

/** Everything that a round did that must not be. */
export function missedBy(figures: RoundFigures): string[] {
  return [...figures.faults.flatMap(missedByFault), ...missedByRound(figures)];
}

/** A time in seconds, in words. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
