import { h } from 'preact';
import { useState } from 'preact/hooks';
import type { RecordedTimeline, EventKind, TimelineEvent } from '../../src/calllog/timeline/recorded-timeline.ts';
import type { Selected } from './tracks/rows.ts';
import { wholeCount } from '../shared/formats.ts';
import { timeText, type View } from './tracks/view.ts';

/** More rows than anybody reads at once; a call of an hour has thousands. */
const rowsAtOnce = 100;

const kinds: readonly { readonly title: string; readonly of: readonly EventKind[] }[] = [
  { title: 'everything', of: [] },
  { title: 'what was said', of: ['turn', 'wait'] },
  { title: 'interruptions', of: ['interruption'] },
  { title: 'tools', of: ['tool'] },
  { title: 'model sessions and recoveries', of: ['session', 'recovery'] },
  { title: 'faults', of: ['fault'] },
  { title: 'orders of an operator', of: ['operator'] },
  { title: 'the telephone', of: ['phone'] },
];

/** All that happened in the part of the call that is seen, as a table. */
export function EventTable(props: {
  readonly timeline: RecordedTimeline;
  readonly view: View;
  readonly select: (place: Selected) => void;
  readonly selected: Selected | null;
}) {
  const { timeline, view, select, selected } = props;
  const [kind, setKind] = useState(0);
  const [rows, setRows] = useState(rowsAtOnce);
  const wanted = kinds[kind]?.of ?? [];
  const isSeen = (event: TimelineEvent): boolean =>
    event.atMs >= view.fromMs && event.atMs <= view.fromMs + view.spanMs;
  const events = timeline.events.filter(
    (event) => isSeen(event) && (wanted.length === 0 || wanted.includes(event.kind)),
  );
  return h(
    'section',
    { class: 'happened' },
    h('h2', null, 'What happened'),
    h(
      'p',
      { class: 'choose' },
      h('label', { for: 'event-kind' }, 'Show '),
      h(
        'select',
        {
          id: 'event-kind',
          onChange: ({ currentTarget }: { currentTarget: HTMLSelectElement }) => setKind(currentTarget.selectedIndex),
        },
        kinds.map(({ title }, at) => h('option', { key: title, selected: at === kind }, title)),
      ),
      ` from ${timeText(view.fromMs, 100)} to ${timeText(view.fromMs + view.spanMs, 100)}: ${wholeCount(events.length)} ${events.length === 1 ? 'event' : 'events'}`,
    ),
    events.length === 0
      ? h('p', { class: 'empty' }, 'Nothing of this kind happened here. Show more of the call, or everything.')
      : table(events.slice(0, rows), select, selected),
    events.length > rows
      ? h('button', { type: 'button', onClick: () => setRows(rows + rowsAtOnce) }, `Show ${rowsAtOnce} more`)
      : null,
  );
}

function table(events: readonly TimelineEvent[], select: (place: Selected) => void, selected: Selected | null) {
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
      events.map(({ atMs, kind, who, text, line }, at) =>
        h(
          'tr',
          { key: `${line} ${at}`, class: selected?.line === line && selected.atMs === atMs ? 'selected' : '' },
          h(
            'td',
            null,
            h(
              'button',
              {
                type: 'button',
                class: 'link',
                title: 'Show it and its line in the log',
                onClick: () => select({ atMs, line }),
              },
              timeText(atMs, 10),
            ),
          ),
          h('td', { class: `who ${kind}` }, who),
          h('td', null, text),
        ),
      ),
    ),
  );
}
