import { type ComponentChild, h } from 'preact';
import { useRef } from 'preact/hooks';
import type { RecordedTimeline, EventKind } from '../../../src/calllog/timeline/recorded-timeline.ts';
import { CostLine, TimeAxis } from './axis.ts';
import type { Peaks } from '../sound/peaks.ts';
import { Playhead } from './playhead.ts';
import type { Player } from '../sound/player.ts';
import { rowsOf } from './placed.ts';
import { BarRow, CaptionRow, EventRow, type RowProps, SpeechStripe, WaitRow } from './rows.ts';
import { scrolled, type View, zoomed } from './view.ts';
import { Wave } from '../sound/wave.ts';

const laneHeightPx = 72;

/** A pointer that has moved less was meant to click. */
const dragPxMin = 4;

/** More tools at once are drawn over each other. */
const toolRowsMax = 4;

/** What has a row or a place of its own stands there, and not among the marks. */
const markedKinds: ReadonlySet<EventKind> = new Set(['interruption', 'recovery', 'fault', 'operator', 'phone']);

interface TracksProps extends RowProps {
  readonly timeline: RecordedTimeline;
  readonly peaks: { readonly caller: Peaks; readonly heard: Peaks; readonly cleared: Peaks };
  readonly player: Player;
  readonly scheme: string;
  readonly setView: (change: (before: View) => View) => void;
}

/** The call on its time axis: both sides' sound, and below it all that happened. Those who do not see it read the table. */
export function Tracks({ timeline, peaks, player, scheme, setView, ...row }: TracksProps) {
  const { view, widthPx } = row;
  const { durationMs } = timeline;
  const shareOf = (event: MouseEvent & { currentTarget: HTMLElement }): number =>
    (event.clientX - event.currentTarget.getBoundingClientRect().left) / widthPx;
  const onWheel = (event: WheelEvent & { currentTarget: HTMLElement }): void => {
    event.preventDefault();
    const alongPx = event.shiftKey ? event.deltaY : event.deltaX;
    if (Math.abs(alongPx) > Math.abs(event.shiftKey ? 0 : event.deltaY))
      setView((before) => scrolled(before, (alongPx / widthPx) * before.spanMs, durationMs));
    else {
      const share = shareOf(event);
      setView((before) =>
        zoomed(before, wheelFactor ** event.deltaY, before.fromMs + share * before.spanMs, durationMs),
      );
    }
  };
  const waveProps = { view, widthPx, heightPx: laneHeightPx, scheme };
  const barsOf = (...rows: string[]) => timeline.bars.filter((bar) => rows.includes(bar.row));
  return h(
    'div',
    {
      class: 'tracks',
      'aria-hidden': 'true',
      onWheel,
      ...useDrag(view, widthPx, durationMs, setView, (event) =>
        player.play(view.fromMs + shareOf(event) * view.spanMs),
      ),
    },
    h(TimeAxis, { view, widthPx }),
    lane(
      'caller',
      h(Wave, { ...waveProps, layers: [{ peaks: peaks.caller, colour: '--caller' }] }),
      h(SpeechStripe, { spans: timeline.speech.caller, view, widthPx }),
    ),
    lane(
      'agent, as heard',
      h(Wave, {
        ...waveProps,
        layers: [
          { peaks: peaks.cleared, colour: '--cleared' },
          { peaks: peaks.heard, colour: '--agent' },
        ],
      }),
      h(SpeechStripe, { spans: timeline.speech.agent, view, widthPx }),
    ),
    named('caller says', h(CaptionRow, { ...row, captions: timeline.captions, who: 'caller' })),
    named('agent says', h(CaptionRow, { ...row, captions: timeline.captions, who: 'agent' })),
    named('waits', h(WaitRow, { ...row, waits: timeline.waits })),
    named('comfort sounds', h(BarRow, { ...row, bars: barsOf('cover') })),
    rowsOf(barsOf('tool'), toolRowsMax).map((bars, at) => named(at === 0 ? 'tools' : '', h(BarRow, { ...row, bars }))),
    named('events', h(EventRow, { ...row, events: timeline.events.filter(({ kind }) => markedKinds.has(kind)) })),
    named('model', h(BarRow, { ...row, bars: barsOf('model') })),
    named('line', h(BarRow, { ...row, bars: barsOf('line') })),
    named('cost', h(CostLine, { usage: timeline.usage, view, widthPx, player })),
    h(Playhead, { player, view, widthPx }),
  );
}

/** A notch of most wheels is 100: it shows a fifth more or less. */
const wheelFactor = 1.002;

function lane(title: string, ...parts: ComponentChild[]) {
  return h('div', { class: 'lane' }, ...parts, h('span', { class: 'name' }, title));
}

function named(title: string, row: ComponentChild) {
  return h('div', { class: 'named' }, row, title === '' ? null : h('span', { class: 'name' }, title));
}

/** A click plays from there; who holds and moves the pointer moves along the call. */
function useDrag(
  view: View,
  widthPx: number,
  durationMs: number,
  setView: TracksProps['setView'],
  onClick: (event: MouseEvent & { currentTarget: HTMLElement }) => void,
) {
  const drag = useRef<{ readonly x: number; readonly view: View; moved: boolean } | null>(null);
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button === 0) drag.current = { x: event.clientX, view, moved: false };
    },
    onPointerMove: (event: PointerEvent & { currentTarget: HTMLElement }) => {
      const from = drag.current;
      if (from === null || event.buttons === 0) return;
      const byPx = from.x - event.clientX;
      if (Math.abs(byPx) < dragPxMin && !from.moved) return;
      from.moved = true;
      event.currentTarget.setPointerCapture(event.pointerId);
      setView(() => scrolled(from.view, (byPx / widthPx) * from.view.spanMs, durationMs));
    },
    onClick: (event: MouseEvent & { currentTarget: HTMLElement }) => {
      const wasDragged = drag.current?.moved === true;
      drag.current = null;
      if (!wasDragged) onClick(event);
    },
  };
}
