import type { ModelAccess } from '../../src/gemini/edge/access.ts';
import { googleSdk } from '../../src/gemini/edge/google-sdk.ts';
import { modelFrameBytesMax } from '../../src/gemini/model-budget.ts';
import type { SessionDrivers } from '../../src/gemini/live-session.ts';
import { systemClock } from '../../src/system/clock.ts';
import { systemRandomness } from '../../src/system/randomness.ts';
import { webSocketConnect } from '../../src/system/web-socket/web-socket.ts';

/** What a service opens its sessions with, at this address. */
export function driversFor(access: ModelAccess): SessionDrivers {
  return {
    sdk: googleSdk(access),
    connect: webSocketConnect(modelFrameBytesMax),
    clock: systemClock,
    randomness: systemRandomness,
  };
}
