import { h } from 'preact';
import type { Player } from './sound/player.ts';
import { usePosition } from './sound/use-position.ts';
import { timeText, type View, wholeView, zoomed } from './tracks/view.ts';

interface ControlsProps {
  readonly player: Player;
  readonly durationMs: number;
  readonly hasSound: boolean;
  readonly setView: (change: (before: View) => View) => void;
  readonly toggle: () => void;
}

/** Plays and pauses, tells the time, and shows more or less of the call. */
export function Controls({ player, durationMs, hasSound, setView, toggle }: ControlsProps) {
  const atMs = usePosition(player);
  const zoom = (text: string, label: string, change: (before: View) => View) =>
    h('button', { type: 'button', class: 'quiet', onClick: () => setView(change), 'aria-label': label }, text);
  return h(
    'div',
    { class: 'controls' },
    h(
      'button',
      { type: 'button', class: 'play', onClick: toggle, disabled: !hasSound },
      player.isPlaying ? 'Pause' : 'Play',
    ),
    h(
      'output',
      { class: 'clock', 'data-at-ms': Math.round(atMs) },
      `${timeText(atMs, 100)} of ${timeText(durationMs, 1000)}`,
    ),
    h('span', { class: 'space' }),
    zoom('+', 'Zoom in', (view) => zoomed(view, 1 / 2, middleOf(view), durationMs)),
    zoom('−', 'Zoom out', (view) => zoomed(view, 2, middleOf(view), durationMs)),
    zoom('All', 'All of the call', () => wholeView(durationMs)),
  );
}

function middleOf({ fromMs, spanMs }: View): number {
  return fromMs + spanMs / 2;
}
