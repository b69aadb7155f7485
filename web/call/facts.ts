import { h } from 'preact';
import type { RecordedTimeline } from '../../src/calllog/timeline/recorded-timeline.ts';
import type { PastCall } from '../../src/store/history/call-history.ts';
import { outcomeWords, speechWords } from './fact-words.ts';
import { JournalNote } from './known/journal-note.ts';
import { billText } from './tracks/axis.ts';
import { dateAndTime, waitTime } from '../shared/formats.ts';

/** What is to be known of the call at a glance, and what of it cannot be shown. */
export function Facts({ timeline, known }: { timeline: RecordedTimeline; known: PastCall | null }) {
  const { callSid, startedAt, durationMs, agentMs, endReason, waits, events, usage, why, missing } = timeline;
  const waitsMs = waits.map(({ fromMs, toMs }) => toMs - fromMs).toSorted((a, b) => a - b);
  const longestMs = waitsMs.at(-1);
  // As the history has it.
  const medianMs = waitsMs[Math.floor(waitsMs.length / 2)];
  // What one line of the log tells is one fault, in however many words.
  const faults = new Set(events.flatMap(({ kind, line }) => (kind === 'fault' ? [line] : []))).size;
  const interruptions = events.filter(({ kind, who }) => kind === 'interruption' && who === 'parley').length;
  const waited =
    longestMs === undefined || medianMs === undefined
      ? 'none'
      : `median ${waitTime(medianMs)}, longest ${waitTime(longestMs)}`;
  const facts: readonly (readonly [string, string])[] = [
    ['Began', startedAt === null ? 'unknown' : dateAndTime(Date.parse(startedAt))],
    ['Length', waitTime(durationMs)],
    ['Outcome', outcomeWords(endReason, known)],
    ['Waits for the first word', waited],
    ['Interruptions', String(interruptions)],
    ['Faults', String(faults)],
    ['Agent’s speech', speechWords(agentMs)],
    ['Cost', billText(usage.at(-1))],
  ];
  return h(
    'header',
    { class: 'facts' },
    h('h1', null, `Call ${callSid === '' ? 'without a name' : callSid}`),
    why === null ? null : h('p', { class: 'why' }, why),
    known === null ? null : h(JournalNote, { call: known }),
    h(
      'dl',
      null,
      facts.map(([name, value]) => h('div', { key: name }, h('dt', null, name), h('dd', null, value))),
    ),
    missing.length === 0
      ? null
      : h(
          'ul',
          { class: 'missing', 'aria-label': 'What is missing' },
          missing.map((sentence) => h('li', { key: sentence }, sentence)),
        ),
  );
}
