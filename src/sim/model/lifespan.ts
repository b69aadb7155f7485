import type { Setup } from './protocol/setup-message.ts';
import { closeReasons } from './protocol/close-reasons.ts';
import type { SessionScript } from './script/script.ts';
import type { InstantStep } from './script/turn.ts';

/** Something that happens to a session at a time of its own, in ms after setupComplete. */
export interface TimedStep {
  readonly afterMs: number;
  readonly step: InstantStep;
}

/**
 * What ends a session when nothing else does: the life of its connection, announced or not (GM-GOAWAY-1), and without compression
 * that of the session, of which `livedMs` are over (GM-LIMIT-1).
 */
export function timedEnds(script: SessionScript, setup: Setup, livedMs: number): readonly TimedStep[] {
  const { lifeMs, goAwayMs, uncompressedMs } = script;
  const ends: TimedStep[] = [{ afterMs: lifeMs, step: { close: closeReasons.deadlineExpired } }];
  if (goAwayMs !== null) {
    const afterMs = Math.max(0, lifeMs - goAwayMs);
    ends.push({ afterMs, step: { goAway: { timeLeftMs: lifeMs - afterMs } } });
  }
  if (setup.contextWindowCompression === undefined) {
    ends.push({ afterMs: Math.max(0, uncompressedMs - livedMs), step: { close: closeReasons.aborted } });
  }
  return ends;
}
