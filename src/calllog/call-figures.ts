import { mulawBytesPerMs } from '../audio/mulaw.ts';
import { isObject } from './event-fields.ts';
import type { RecordedCall } from './read-log.ts';
import type { ReplayResult } from './replay.ts';
import { spanText } from './story/span-text.ts';
import type { Story } from './story.ts';

/** The figures of a call whose story has been told to its end: a name and a text each. */
export function callFigures(
  record: RecordedCall,
  story: Story,
  { tally }: ReplayResult,
): [name: string, text: string][] {
  const { caller, agent } = tally;
  const events = record.steps.map(({ event }) => event);
  const effects = record.steps.flatMap((step) => step.effects);
  const marksSent = effects.filter(({ type }) => type === 'stream.mark').length;
  const marksBack = events.filter(({ type }) => type === 'stream.marked').length;
  const marksGone = marksLost(record);
  const came = `${spoken(caller.received)} came`;
  const cameNot = story.missingMs === 0 ? '' : ` and ${spanText(story.missingMs)} did not`;
  const agentParts = [
    [agent.cleared, 'cleared'],
    [agent.waiting, 'unknown'],
    [agent.dropped, 'never sent'],
  ] as const;
  const callerParts = [
    [caller.forwarded, 'passed on'],
    [caller.replaced, 'silence left out'],
    [caller.dropped, 'dropped'],
  ] as const;
  const marks = [
    [marksSent, 'sent'],
    [marksBack, 'came back'],
    [marksGone, 'given up'],
  ] as const;
  return [
    [
      'agent',
      joined([`${spoken(agent.heard)} heard of ${spoken(agent.sent)} sent`, present(agentParts, spoken)], '; '),
    ],
    ['caller', joined([came + cameNot, present(callerParts, spoken)], '; ')],
    ['waits', list(story.waitsMs)],
    ['tools', list(story.toolMs)],
    ['barge-ins', String(effects.filter(({ name }) => name === 'bargeIn').length)],
    ['streams', String(story.streams)],
    ['marks', present(marks, String) || 'none'],
    ['faults', faults(record)],
  ];
}

/** Amounts, each with its words; those that are 0 are left out. */
function present(amounts: readonly (readonly [amount: number, words: string])[], shown: (amount: number) => string) {
  const texts = amounts.map(([amount, words]) => (amount === 0 ? '' : `${shown(amount)} ${words}`));
  return joined(texts, ', ');
}

function joined(texts: readonly string[], separator: string): string {
  return texts.filter((text) => text !== '').join(separator);
}

function marksLost({ steps }: RecordedCall): number {
  const notes = steps.flatMap(({ effects }) => effects.filter(({ name }) => name === 'marksLost'));
  return notes.reduce((sum, { fields }) => sum + (isObject(fields) ? Number(fields.marks) : 0), 0);
}

/** Every fault that was reported, how often. */
function faults({ steps }: RecordedCall): string {
  const counts = new Map<string, number>();
  for (const { event } of steps) {
    const fault = 'fault' in event ? event.fault : event.type === 'model.closed' ? 'model.closed' : null;
    if (fault !== null) counts.set(fault, (counts.get(fault) ?? 0) + 1);
  }
  if (counts.size === 0) return 'none';
  return [...counts].map(([fault, count]) => (count === 1 ? fault : `${count} × ${fault}`)).join(', ');
}

function list(valuesMs: readonly number[]): string {
  return valuesMs.length === 0 ? 'none' : valuesMs.map(spanText).join(', ');
}

function spoken(bytes: number): string {
  return spanText(bytes / mulawBytesPerMs);
}
