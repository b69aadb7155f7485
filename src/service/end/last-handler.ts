import type { Logger } from '../../system/logger.ts';
import { within } from '../../system/within.ts';
import type { Service } from '../start-service.ts';

/** Calls that are leaving get ten seconds, Twilio one and a half to ask about the others, and the files the rest. */
const leaveMsMax = 15_000;

/** What broke may break again and again until the process has ended. */
const linesMax = 10;

/**
 * Ends the process when an exception or a rejection has got past everything that guards a call: nobody knows what it left behind. Before
 * that the calls are left to the next process, or sent to their fallback (DRAIN_TO), as at a restart, and what is left of logs and journal
 * is written, all of it in bounded time. The exit code is 1.
 */
export function endOnUncaught(service: Pick<Service, 'stop'>, log: Logger): void {
  let caught = 0;
  // Node raises a rejection that nobody takes as an exception of this kind.
  process.on('uncaughtException', (error, origin) => {
    caught += 1;
    if (caught <= linesMax) log.error({ fault: 'service.crashed', origin, err: error }, 'serviceCrashed');
    if (caught === 1) void leave(service);
  });
}

async function leave(service: Pick<Service, 'stop'>): Promise<void> {
  try {
    await within(service.stop(0), leaveMsMax);
  } finally {
    process.exit(1);
  }
}
