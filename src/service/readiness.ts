import type { CallRegistry } from '../host/call-registry.ts';
import type { Logger } from '../system/logger.ts';

/** Makes what says whether a new call can be taken. Whoever asks learns nothing else; when the answer changes, the log says why. */
export function readiness(registry: CallRegistry, log: Logger): () => boolean {
  let wasReady = true;
  return () => {
    const ready = registry.hasRoom;
    if (ready !== wasReady)
      log.info({ ready, liveCalls: registry.liveCount, draining: registry.isDraining }, 'readiness');
    wasReady = ready;
    return ready;
  };
}
