import { type ComponentChild, h } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { CallSound, RecordedTimeline } from '../../src/calllog/timeline/recorded-timeline.ts';
import type { PastCall } from '../../src/store/history/call-history.ts';
import { Controls } from './controls.ts';
import { EventTable } from './event-table.ts';
import { Facts } from './facts.ts';
import { keyPressed, type KeyTargets, takesKeys } from './keys.ts';
import { LogLines } from './log-lines.ts';
import { useScheme, useWidth } from './screen.ts';
import { Peaks } from './sound/peaks.ts';
import { Player } from './sound/player.ts';
import { Overview } from './tracks/overview.ts';
import type { Selected } from './tracks/rows.ts';
import { Tracks } from './tracks/tracks.ts';
import { showing, wholeView } from './tracks/view.ts';

/** How often it is looked whether what plays is still seen, in ms. */
const followMs = 100;

const noSound: CallSound = { caller: new Uint8Array(), heard: new Uint8Array(), cleared: new Uint8Array() };

/** What is shown of a recorded call. */
interface CallViewProps {
  readonly timeline: RecordedTimeline;
  /** Null while it is on its way; `share` says how much of it has come. */
  readonly sound: CallSound | null;
  readonly share: number;
  /** What the journal knows of the call; null where it knows nothing. */
  readonly known: PastCall | null;
  /** Where it leads. */
  readonly links: ComponentChild;
}

/** One recorded call: its facts, its sound, and all that happened. */
export function CallView({ timeline, sound: given, share, known, links }: CallViewProps) {
  const { durationMs } = timeline;
  const sound = given ?? noSound;
  const [view, setView] = useState(() => wholeView(durationMs));
  const [selected, setSelected] = useState<Selected | null>(null);
  const peaks = useMemo(
    () => ({ caller: new Peaks(sound.caller), heard: new Peaks(sound.heard), cleared: new Peaks(sound.cleared) }),
    [sound],
  );
  const player = useMemo(() => new Player(sound, durationMs), [sound, durationMs]);
  const frame = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(frame);
  const scheme = useScheme();
  const show = (ms: number): void => setView((before) => showing(before, ms, durationMs));
  const select = (place: Selected): void => {
    setSelected(place);
    show(place.atMs);
  };
  const toggle = (): void => {
    if (player.isPlaying) player.pause();
    else player.play(player.positionMs >= durationMs ? 0 : player.positionMs);
  };
  useKeys(player, durationMs, setView, toggle);
  useFollowing(player, show);
  const drawing = { peaks, view, widthPx, scheme, setView };
  return h(
    'div',
    { class: 'call' },
    h(Facts, { timeline, known }),
    links,
    given === null ? soundProgress(share) : null,
    h(Controls, { player, durationMs, setView, toggle, hasSound: sound.caller.length + sound.heard.length > 0 }),
    h(
      'div',
      { class: 'frame', ref: frame, 'data-from-ms': view.fromMs, 'data-span-ms': view.spanMs },
      widthPx === 0 ? null : h(Overview, { ...drawing, durationMs }),
      widthPx === 0 ? null : h(Tracks, { ...drawing, timeline, player, selected, select }),
    ),
    h(LogLines, { timeline, selected, close: () => setSelected(null) }),
    h(EventTable, { timeline, view, select, selected }),
  );
}

function soundProgress(share: number) {
  return h(
    'p',
    { class: 'soft', role: 'status', 'data-loading': true },
    'The sound is on its way ',
    h('progress', { value: share, max: 1, 'aria-label': 'How much of the sound has come' }),
  );
}

/** Takes the keys of the page, wherever the focus is. */
function useKeys(player: Player, durationMs: number, setView: KeyTargets['setView'], toggle: () => void): void {
  useEffect(() => {
    const seek = (ms: number): number => {
      player.seek(ms);
      return player.positionMs;
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || takesKeys(event.target, event.key)) return;
      const targets = { durationMs, positionMs: player.positionMs, setView, seek, toggle };
      if (keyPressed(event.key, event.shiftKey, targets)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [player, durationMs]);
}

/** Keeps what plays in sight, and ends it when another sound takes its place. */
function useFollowing(player: Player, show: (ms: number) => void): void {
  useEffect(() => {
    const clock = setInterval(() => {
      if (player.isPlaying) show(player.positionMs);
    }, followMs);
    return () => {
      clearInterval(clock);
      player.pause();
    };
  }, [player]);
}
