import { type ComponentChild, h } from 'preact';
import { waitTime } from '../shared/formats.ts';

const barWidth = 5;
const height = 18;

/** A wait of three seconds fills a bar. */
const fullMs = 3_000;

/** A caller notices a wait from here on, and one from there on bothers. */
const slowMs = 1_500;
const badMs = 3_000;

/** The last waits of a call for an answer: the newest in figures, and all as bars. */
export function waitBars(waitsMs: readonly number[], worstMs: number | null): ComponentChild {
  const last = waitsMs.at(-1);
  if (last === undefined) return h('span', { class: 'soft' }, '–');
  const spoken = `Waits: ${waitsMs.map(waitTime).join(', ')}${worstMs === null ? '' : `; worst ${waitTime(worstMs)}`}`;
  return h('span', { class: 'waits', title: spoken }, [
    h('span', { class: tone(last) }, waitTime(last)),
    h(
      'svg',
      { width: waitsMs.length * (barWidth + 1), height, 'aria-hidden': 'true' },
      waitsMs.map((ms, at) => bar(ms, at)),
    ),
  ]);
}

function bar(ms: number, at: number): ComponentChild {
  const tall = Math.max(2, Math.min(1, ms / fullMs) * height);
  return h('rect', { x: at * (barWidth + 1), y: height - tall, width: barWidth, height: tall, class: tone(ms) });
}

function tone(ms: number): string {
  return ms >= badMs ? 'bad' : ms >= slowMs ? 'warn' : 'good';
}
