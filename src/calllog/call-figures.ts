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
  const ordered = (type: string): number => effects.filter((effect) => effect.type === type).length;
  const marksBack = events.filter(({ type }) => type === 'stream.marked').length;
  return [
    [
      'agent',
      `${spoken(agent.heard)} heard of ${spoken(agent.sent)} sent; ${spoken(agent.cleared)} cleared, ` +
        `${spoken(agent.waiting)} unknown, ${spoken(agent.dropped)} never sent`,
    ],
    [
      'caller',
      `${spoken(caller.received)} came and ${spanText(story.missingMs)} did not; ${spoken(caller.forwarded)} passed on, ` +
        `${spoken(caller.replaced)} silence left out, ${spoken(caller.dropped)} dropped`,
    ],
    ['waits', list(story.waitsMs)],
    ['tools', list(story.toolMs)],
    ['barge-ins', String(effects.filter(({ name }) => name === 'bargeIn').length)],
    ['streams', String(story.streams)],
    ['marks', `${ordered('stream.mark')} sent, ${marksBack} came back, ${marksLost(record)} given up`],
    ['faults', faults(record)],
  ];
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
