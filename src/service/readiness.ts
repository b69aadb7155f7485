import type { CallRegistry, NoRoom } from '../host/call-registry.ts';
import type { Logger } from '../system/logger.ts';

/** Makes what says whether a new call can be taken. Whoever asks learns nothing else; when the answer changes, the log says why. */
export function readiness(registry: CallRegistry, log: Logger): () => boolean {
  let before: NoRoom | null = null;
  return () => {
    const why = registry.noRoom;
    const ready = why === null;
    if (ready !== (before === null))
      log.info({ ready, why, liveCalls: registry.liveCount, delayMs: Math.round(registry.delayMs) }, 'readiness');
    before = why;
    return ready;
  };
}
