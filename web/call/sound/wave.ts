import { h } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { amplitudes } from './mulaw-sound.ts';
import type { Peaks } from './peaks.ts';
import type { View } from '../tracks/view.ts';

/** Soft speech would hardly be seen if twice the amplitude were twice as high. */
const heights = amplitudes.map((amplitude) => amplitude ** 0.6);

/** One sound of a lane, and the name of the colour in which it is drawn. */
export interface WaveLayer {
  readonly peaks: Peaks;
  readonly colour: string;
}

/** Draws a lane of sound, its layers one over the other. */
export function Wave(props: {
  readonly layers: readonly WaveLayer[];
  readonly view: View;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Changes when the colours of the page do. */
  readonly scheme: string;
}) {
  const { layers, view, widthPx, heightPx, scheme } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current !== null) draw(canvas.current, layers, view, widthPx, heightPx);
  }, [layers, view, widthPx, heightPx, scheme]);
  return h('canvas', { ref: canvas, class: 'wave', style: { width: `${widthPx}px`, height: `${heightPx}px` } });
}

function draw(
  canvas: HTMLCanvasElement,
  layers: readonly WaveLayer[],
  view: View,
  widthPx: number,
  heightPx: number,
): void {
  const scale = window.devicePixelRatio;
  const [width, height] = [Math.round(widthPx * scale), Math.round(heightPx * scale)];
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null || width === 0) return;
  const colours = getComputedStyle(canvas);
  for (const { peaks, colour } of layers) {
    context.fillStyle = colours.getPropertyValue(colour);
    const columns = peaks.columns(view.fromMs, view.spanMs / width, width);
    for (let x = 0; x < width; x += 1) {
      const high = Math.round((heights[columns[x] ?? 0] ?? 0) * height);
      if (high > 0) context.fillRect(x, Math.floor((height - high) / 2), 1, high);
    }
  }
}
