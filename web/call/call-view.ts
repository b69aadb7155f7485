import { h } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { CallSound } from '../../src/calllog/timeline/recorded-timeline.ts';
import type { LoadedCall } from './call-source.ts';
import { CallLinks } from './call-links.ts';
import { EventTable } from './event-table.ts';
import { Facts } from './facts.ts';
import { keyPressed, takesKeys } from './keys.ts';
import { LogLines } from './log-lines.ts';
import { Overview } from './tracks/overview.ts';
import { Peaks } from './sound/peaks.ts';
import { Player } from './sound/player.ts';
import type { Selected } from './tracks/rows.ts';
import { Tracks } from './tracks/tracks.ts';
import { showing, timeText, wholeView, zoomed } from './tracks/view.ts';

/** How often the time that stands beside the buttons is written anew while the call plays, in ms. */
const clockMs = 100;

const noSound: CallSound = { caller: new Uint8Array(), heard: new Uint8Array(), cleared: new Uint8Array() };

/** One call: its facts, its sound, and all that happened. */
export function CallView({ call, share, callSid }: { call: LoadedCall; share: number; callSid: string }) {
  const { timeline, isEmbedded } = call;
  const sound = call.sound ?? noSound;
  const { durationMs } = timeline;
  const [view, setView] = useState(() => wholeView(durationMs));
  const [selected, setSelected] = useState<Selected | null>(null);
  const [, setDrawn] = useState(0);
  const drawAgain = (): void => setDrawn((count) => count + 1);
  const peaks = useMemo(
    () => ({ caller: new Peaks(sound.caller), heard: new Peaks(sound.heard), cleared: new Peaks(sound.cleared) }),
    [sound],
  );
  const player = useMemo(() => new Player(sound, durationMs, drawAgain), [sound, durationMs]);
  const frame = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(frame);
  const scheme = useScheme();
  const seek = (ms: number): void => {
    player.seek(ms);
    setView((before) => showing(before, player.positionMs, durationMs));
  };
  const toggle = (): void => {
    if (player.isPlaying) player.pause();
    else player.play(player.positionMs >= durationMs ? 0 : player.positionMs);
  };
  const select = (place: Selected): void => {
    setSelected(place);
    setView((before) => showing(before, place.atMs, durationMs));
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || takesKeys(event.target, event.key)) return;
      const targets = { view, durationMs, positionMs: player.positionMs, setView, seek, toggle };
      if (keyPressed(event.key, event.shiftKey, targets)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
  useEffect(() => {
    if (!player.isPlaying) return;
    const clock = setInterval(() => {
      setView((before) => showing(before, player.positionMs, durationMs));
      drawAgain();
    }, clockMs);
    return () => clearInterval(clock);
  }, [player, player.isPlaying, durationMs]);
  const atMs = player.positionMs;
  const zoom = (factor: number) => () => setView(zoomed(view, factor, view.fromMs + view.spanMs / 2, durationMs));
  const hasSound = sound.caller.length + sound.heard.length > 0;
  return h(
    'div',
    { class: 'call' },
    h(Facts, { timeline }),
    isEmbedded ? null : h(CallLinks, { call, callSid }),
    call.sound === null
      ? h('p', { class: 'soft', role: 'status' }, 'The sound is on its way ', h('progress', { value: share, max: 1 }))
      : null,
    h(
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
      h('button', { type: 'button', class: 'quiet', onClick: zoom(1 / 2), 'aria-label': 'Zoom in' }, '+'),
      h('button', { type: 'button', class: 'quiet', onClick: zoom(2), 'aria-label': 'Zoom out' }, '−'),
      h(
        'button',
        {
          type: 'button',
          class: 'quiet',
          onClick: () => setView(wholeView(durationMs)),
          'aria-label': 'Show the whole call',
        },
        'All',
      ),
    ),
    h(
      'div',
      { class: 'frame', ref: frame, 'data-from-ms': view.fromMs, 'data-span-ms': view.spanMs },
      widthPx > 0 ? h(Overview, { peaks, view, durationMs, widthPx, scheme, setView }) : null,
      widthPx > 0
        ? h(Tracks, { timeline, peaks, player, scheme, view, setView, widthPx, selected, select, atMs })
        : null,
    ),
    h(LogLines, { timeline, selected, close: () => setSelected(null) }),
    h(EventTable, { timeline, view, select, selected }),
  );
}

function useWidth(frame: { readonly current: HTMLElement | null }): number {
  const [widthPx, setWidthPx] = useState(0);
  useLayoutEffect(() => {
    const { current } = frame;
    if (current === null) return;
    const measure = (): void => setWidthPx(current.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [frame]);
  return widthPx;
}

/** Light or dark, as the system has it: what is drawn on a canvas does not change by itself. */
function useScheme(): string {
  const query = useMemo(() => window.matchMedia('(prefers-color-scheme: dark)'), []);
  const [isDark, setIsDark] = useState(query.matches);
  useEffect(() => {
    const onChange = (): void => setIsDark(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, [query]);
  return isDark ? 'dark' : 'light';
}
