import { h } from 'preact';
import type { Peaks } from '../sound/peaks.ts';
import { scrolled, type View, wholeView } from './view.ts';
import { Wave } from '../sound/wave.ts';

const heightPx = 32;

/** The whole call in one strip, with a frame around what is seen below. A click or a drag moves the frame. */
export function Overview(props: {
  readonly peaks: { readonly caller: Peaks; readonly heard: Peaks };
  readonly view: View;
  readonly durationMs: number;
  readonly widthPx: number;
  readonly scheme: string;
  readonly setView: (change: (before: View) => View) => void;
}) {
  const { peaks, view, durationMs, widthPx, scheme, setView } = props;
  const whole = wholeView(durationMs);
  const pxOf = (ms: number): number => (ms / whole.spanMs) * widthPx;
  const moveTo = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const atMs = ((event.clientX - event.currentTarget.getBoundingClientRect().left) / widthPx) * whole.spanMs;
    setView((before) => scrolled(before, atMs - before.spanMs / 2 - before.fromMs, durationMs));
  };
  return h(
    'div',
    { class: 'overview', 'aria-hidden': 'true', onPointerDown: moveTo, onPointerMove: moveTo },
    h(Wave, {
      layers: [
        { peaks: peaks.heard, colour: '--agent' },
        { peaks: peaks.caller, colour: '--caller' },
      ],
      view: whole,
      widthPx,
      heightPx,
      scheme,
    }),
    h('div', {
      class: 'seen',
      style: { left: `${pxOf(view.fromMs)}px`, width: `${Math.max(2, pxOf(Math.min(view.spanMs, durationMs)))}px` },
    }),
  );
}
