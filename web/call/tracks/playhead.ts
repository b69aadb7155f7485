import { h } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Player } from '../sound/player.ts';
import type { View } from './view.ts';

/** Shows where the call is played. It moves by itself, so that nothing else is drawn again for it. */
export function Playhead({ player, view, widthPx }: { player: Player; view: View; widthPx: number }) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let frame = 0;
    const move = (): void => {
      const atPx = ((player.positionMs - view.fromMs) / view.spanMs) * widthPx;
      const { current } = line;
      if (current !== null) {
        current.style.transform = `translateX(${atPx}px)`;
        current.hidden = atPx < 0 || atPx > widthPx;
      }
      frame = requestAnimationFrame(move);
    };
    move();
    return () => cancelAnimationFrame(frame);
  }, [player, view, widthPx]);
  return h('div', { ref: line, class: 'playhead' });
}
