import { h } from 'preact';
import type { PastCallDetail, PastCallLine } from '../../src/console/history/history-answer.ts';
import type { PastCall } from '../../src/store/history/call-history.ts';
import { outcomeText } from '../../src/store/history/outcome-words.ts';
import { dateAndTime, dollars, waitTime } from '../shared/formats.ts';
import { lengthText, timeText } from './tracks/view.ts';

/** What the journal knows of a call that has a recording: who, and why it ended so. */
export function JournalNote({ call }: { call: PastCall }) {
  return h(
    'div',
    { class: 'journal' },
    call.why === null ? null : h('p', { class: 'why' }, call.why),
    facts([
      ['From', call.from ?? (call.source === 'browser' ? 'a browser' : 'withheld')],
      ['To', call.to ?? 'unknown'],
      ['Agent', call.agent ?? 'none'],
      ...(call.faults.length === 0 ? [] : [['Faults', call.faults.join(', ')] as const]),
    ]),
  );
}

/** What the journal knows of a call without a recording. */
export function JournalView({ detail }: { detail: PastCallDetail }) {
  const { call, lines, missing } = detail;
  const { startedAtMs, endedAtMs, costUsd, waits } = call;
  return h(
    'div',
    { class: 'call' },
    h('h1', null, `Call ${call.callSid}`),
    h(JournalNote, { call }),
    facts([
      ['Ended', outcomeText(call.outcome)],
      ['Began', dateAndTime(startedAtMs)],
      ['Length', endedAtMs === null ? 'not over, as far as the journal knows' : lengthText(endedAtMs - startedAtMs)],
      [
        'Waits for the first word',
        waits === null ? 'none' : `median ${waitTime(waits.medianMs)}, longest ${waitTime(waits.maxMs)}`,
      ],
      ['Cost', costUsd === null ? 'unknown' : dollars(costUsd)],
    ]),
    missing === null ? null : h('ul', { class: 'missing', 'aria-label': 'What is missing' }, h('li', null, missing)),
    h('h2', null, 'What was said'),
    lines.length === 0 ? h('p', { class: 'empty' }, 'The journal has no words of this call.') : table(lines),
  );
}

function facts(entries: readonly (readonly [string, string])[]) {
  return h(
    'dl',
    { class: 'facts' },
    entries.map(([name, value]) => h('div', { key: name }, h('dt', null, name), h('dd', null, value))),
  );
}

function table(lines: readonly PastCallLine[]) {
  return h(
    'table',
    null,
    h(
      'thead',
      null,
      h(
        'tr',
        null,
        ['Time', 'Who', 'What'].map((title) => h('th', { key: title, scope: 'col' }, title)),
      ),
    ),
    h(
      'tbody',
      null,
      lines.map((line, at) =>
        h(
          'tr',
          { key: at },
          h('td', null, timeText(line.atMs, 100)),
          h('td', null, line.kind === 'said' ? line.speaker : line.kind === 'tool' ? 'tool' : 'parley'),
          h('td', null, wordsOf(line)),
        ),
      ),
    ),
  );
}

function wordsOf(line: PastCallLine): string {
  if (line.kind === 'said') return line.cut ? `"${line.text} —" (cut short)` : `"${line.text}"`;
  return line.kind === 'tool' ? `${line.name} ${toolWords[line.step]}` : 'another process went on with the call';
}

const toolWords = { called: 'is called', answered: 'has answered', failed: 'has failed' } as const;
