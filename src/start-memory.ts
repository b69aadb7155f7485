import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from './system/clock.ts';

/**
 * What the start has begun in the background is done by then, and V8 sees that little is allocated. On a busy machine that may take longer, and a
 * second time does no harm.
 */
const momentsMs = [1_000, 8_000];

/** V8 has had the flag for so long. */
const nodeMin = 26;

/**
 * Gives back what the start has used, unless the process is busy by then. V8 makes room for young objects while everything is loaded, and an
 * idle process would hold these 15 MB for ever, because it never fills the room and V8 looks for what can be freed only then. A small
 * collection, of some milliseconds, in a moment in which V8 is to save memory, has it free what it can. The room grows again when calls need it.
 */
export function giveBackStartMemory(isBusy: () => boolean): void {
  if (Number.parseInt(process.versions.node, 10) < nodeMin) return;
  for (const afterMs of momentsMs)
    systemClock.lazily(afterMs, () => {
      if (!isBusy()) collectLittle();
    });
}

function collectLittle(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  setFlagsFromString('--memory-saver-mode');
  if (typeof collect === 'function') collect({ type: 'minor' });
  setFlagsFromString('--no-memory-saver-mode');
}
