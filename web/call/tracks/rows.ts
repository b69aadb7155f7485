import { h } from 'preact';
import type {
  WaitSpan,
  Caption,
  TimelineBar,
  TimelineEvent,
  TimeSpan,
} from '../../../src/calllog/timeline/recorded-timeline.ts';
import { waitTime } from '../../shared/formats.ts';
import { type Placed, placed } from './placed.ts';
import type { View } from './view.ts';

/** What the rows below the waves have in common. */
export interface RowProps {
  readonly view: View;
  readonly widthPx: number;
  /** Shows the lines of the log of something that happened. */
  readonly select: (place: Selected) => void;
  readonly selected: Selected | null;
}

/** What was clicked: when it was, and its line in the log. */
export interface Selected {
  readonly atMs: number;
  readonly line: number;
}

/** When a side is loud enough to be understood, as a stripe below its sound. */
export function SpeechStripe({
  spans,
  view,
  widthPx,
}: Pick<RowProps, 'view' | 'widthPx'> & { spans: readonly TimeSpan[] }) {
  return h(
    'div',
    { class: 'speech' },
    placed(spans, view, widthPx).map((at) =>
      h('i', { style: { left: `${at.leftPx}px`, width: `${Math.max(1, at.widthPx)}px` } }),
    ),
  );
}

/** What each side said, where it was said. */
export function CaptionRow({
  captions,
  who,
  ...row
}: RowProps & { captions: readonly Caption[]; who: Caption['who'] }) {
  const own = captions.filter((caption) => caption.who === who);
  return h(
    'div',
    { class: `row captions ${who}` },
    placed(own, row.view, row.widthPx).map((at) => {
      const text = at.item.cut ? `${at.item.text} —` : at.item.text;
      return box(row, at, { class: at.item.cut ? 'caption cut' : 'caption', text, title: text });
    }),
  );
}

/** A figure of which a part is missing would be wrong. */
const figurePxMin = 50;

/** How long the caller waited for each answer, up to its first word. */
export function WaitRow({ waits, ...row }: RowProps & { waits: readonly WaitSpan[] }) {
  return h(
    'div',
    { class: 'row waits' },
    placed(waits, row.view, row.widthPx).map((at) => {
      const text = waitTime(at.item.toMs - at.item.fromMs);
      const title = `The caller waited ${text} for the agent's first word.`;
      const figure = `${Math.round(at.item.toMs - at.item.fromMs)} ms`;
      return box(row, at, { class: 'wait', text: at.widthPx < figurePxMin ? '' : figure, title });
    }),
  );
}

/** What took a while: tools, model sessions, streams, sounds that cover a silence. */
export function BarRow({ bars, ...row }: RowProps & { bars: readonly TimelineBar[] }) {
  return h(
    'div',
    { class: 'row bars' },
    placed(bars, row.view, row.widthPx).map((at) => {
      const { row: kind, title, outcome, text } = at.item;
      const whole = text === '' ? title : `${title}: ${text}`;
      return box(row, at, { class: `bar ${kind} ${outcome}`, text: whole, title: whole });
    }),
  );
}

/** What happened at one moment: interruptions, recoveries, faults and the like. */
export function EventRow({ events, ...row }: RowProps & { events: readonly TimelineEvent[] }) {
  const moments = events.map((event) => ({ ...event, fromMs: event.atMs, toMs: event.atMs }));
  return h(
    'div',
    { class: 'row events' },
    placed(moments, row.view, row.widthPx).map((at) => {
      const { kind, who, text } = at.item;
      return box(row, at, { class: `mark ${kind}`, text: '', title: `${who}: ${text}` });
    }),
  );
}

/** Narrower boxes hold no letter. */
const textPxMin = 24;

function box<Item extends Selected | (Caption | WaitSpan | TimelineBar)>(
  { select, selected }: RowProps,
  { item, leftPx, widthPx, more }: Placed<Item>,
  { class: name, text, title }: { class: string; text: string; title: string },
) {
  const place = { atMs: 'atMs' in item ? item.atMs : item.fromMs, line: item.line };
  const isSelected = selected?.line === place.line && selected.atMs === place.atMs;
  return h(
    'button',
    {
      type: 'button',
      // Whoever does not point finds the same in the table below.
      tabIndex: -1,
      class: isSelected ? `${name} selected` : name,
      style: { left: `${leftPx}px`, width: `${Math.max(2, widthPx)}px` },
      title: more > 0 ? `${title} (and ${more} more here: come closer)` : title,
      onClick: (event: MouseEvent) => {
        event.stopPropagation();
        select(place);
      },
    },
    widthPx >= textPxMin ? text : '',
  );
}
