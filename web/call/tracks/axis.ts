import { h } from 'preact';
import type { UsagePoint } from '../../../src/calllog/timeline/recorded-timeline.ts';
import { dollars } from '../../../src/store/history/cost-words.ts';
import { wholeCount } from '../../shared/formats.ts';
import type { Player } from '../sound/player.ts';
import { usePosition } from '../sound/use-position.ts';
import { fitsBehind, ticksOf, timeText, type View } from './view.ts';

interface AxisProps {
  readonly view: View;
  readonly widthPx: number;
}

/** The time axis. */
export function TimeAxis({ view, widthPx }: AxisProps) {
  const { stepMs, ticks } = ticksOf(view, widthPx);
  return h(
    'div',
    { class: 'axis' },
    ticks.map((ms) => {
      const text = timeText(ms, stepMs);
      const x = ((ms - view.fromMs) / view.spanMs) * widthPx;
      const side = fitsBehind(text, widthPx - x) ? '' : ' before';
      return h('span', { key: ms, class: `tick${side}`, style: { left: `${x}px` } }, text);
    }),
  );
}

const costHeightPx = 36;

/** What the call had cost at each moment: dollars, or tokens where no price is known. */
export function CostLine({
  usage,
  view,
  widthPx,
  player,
}: AxisProps & { usage: readonly UsagePoint[]; player: Player }) {
  const last = usage.at(-1);
  if (last === undefined) return h('div', { class: 'row cost' }, h('span', { class: 'note' }, billText(undefined)));
  const inDollars = last.costUsd !== null;
  const most = Math.max(inDollars ? (last.costUsd ?? 0) : last.tokens, Number.MIN_VALUE);
  const x = (ms: number): number => Math.round(Math.min(widthPx, ((ms - view.fromMs) / view.spanMs) * widthPx));
  const y = (share: number): number => costHeightPx - 2 - Math.round(share * (costHeightPx - 4));
  let path = `M-1 ${y(0)}`;
  let lastX = -1;
  let height = y(0);
  for (const point of usage) {
    const at = Math.max(-1, x(point.atMs));
    height = y((inDollars ? (point.costUsd ?? 0) : point.tokens) / most);
    // Several bills at one place are one step.
    path += at === lastX ? ` V${height}` : ` H${at} V${height}`;
    lastX = at;
    if (at >= widthPx) break;
  }
  path += ` H${Math.max(lastX, widthPx)}`;
  return h(
    'div',
    { class: 'row cost' },
    h('svg', { width: widthPx, height: costHeightPx, 'aria-hidden': 'true' }, h('path', { d: path })),
    h(CostNote, { usage, player }),
  );
}

/** What the call had cost where it is played; before that, all that it cost. */
function CostNote({ usage, player }: { usage: readonly UsagePoint[]; player: Player }) {
  const atMs = usePosition(player);
  const point = atMs === 0 ? usage.at(-1) : usage.findLast((each) => each.atMs <= atMs);
  return h('span', { class: 'note' }, billText(point));
}

/** What a bill comes to, in words. */
export function billText(point: UsagePoint | undefined): string {
  if (point === undefined) return 'none';
  const tokens = `${wholeCount(point.tokens)} tokens`;
  return point.costUsd === null ? tokens : `${dollars(point.costUsd)}, ${tokens}`;
}
