import { h } from 'preact';
import type { RecordedTimeline } from '../../src/calllog/timeline/recorded-timeline.ts';
import type { Selected } from './tracks/rows.ts';
import { timeText } from './tracks/view.ts';

/** What the log holds of the thing that was clicked. */
export function LogLines({ timeline, selected, close }: LogLinesProps) {
  if (selected === null)
    return h(
      'p',
      { class: 'soft' },
      'Click the sound to listen from there. Click anything else, or a time below, to see its line in the log.',
    );
  const { line, atMs } = selected;
  const events = timeline.events.filter((event) => event.line === line);
  return h(
    'section',
    { class: 'lines', 'aria-live': 'polite' },
    h('h2', null, `${timeText(atMs, 10)}, line ${line} of the log`),
    h('button', { type: 'button', class: 'close', onClick: close }, 'Close'),
    h(
      'ul',
      null,
      events.map(({ who, text }, at) => h('li', { key: at }, h('b', null, who), ` ${text}`)),
    ),
    h('pre', { tabIndex: 0 }, timeline.logLines[line] ?? 'This line is not kept here: read it in the log.'),
  );
}

interface LogLinesProps {
  readonly timeline: RecordedTimeline;
  readonly selected: Selected | null;
  readonly close: () => void;
}
