import { useEffect, useState } from 'preact/hooks';
import type { Player } from './player.ts';

/** A clock of tenths of a second is written so often. */
const clockMs = 100;

/** Where the call is played, in ms; whoever asks is drawn again while it plays. */
export function usePosition(player: Player): number {
  const [, setDrawn] = useState(0);
  useEffect(() => player.onChange(() => setDrawn((count) => count + 1)), [player]);
  useEffect(() => {
    if (!player.isPlaying) return;
    const clock = setInterval(() => setDrawn((count) => count + 1), clockMs);
    return () => clearInterval(clock);
  }, [player, player.isPlaying]);
  return player.positionMs;
}
