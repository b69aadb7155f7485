import { setTimeout as pause } from 'node:timers/promises';

import { hostRules } from '../http/guard/host-rules.ts';
import { createLimitedFetch, type LimitedFetch } from '../http/limited-fetch.ts';
import type { McpFields } from './mcp-fields.ts';

/** One answer, or one stream of news. No answer that can be told on the telephone is longer, and a stream is opened again. */
const bytesMax = 4_000_000;

/** Twice what a tool may take. Nobody waits for what comes later. */
const answerMsMax = 60_000;

/** A stream of news is opened again when it was cut. */
const streamMsMax = 600_000;

/** A server that ends its news at once and wants to be asked for more at once would keep the process busy with nothing else. */
const streamEveryMs = 10_000;

/** The `fetch` by which a server is reached: only at the hosts that the entry names, and within limits. */
export function createMcpFetch(hosts: McpFields['hosts']): LimitedFetch {
  const limits = { hosts: hostRules(hosts), othersAllowed: false, bytesMax };
  const answers = createLimitedFetch({ ...limits, timeMsMax: answerMsMax });
  const streams = createLimitedFetch({ ...limits, timeMsMax: streamMsMax });
  let nextStreamAtMs = 0;
  return {
    fetch: async (input, init) => {
      if (init?.method !== 'GET') return await answers.fetch(input, init);
      const waitMs = nextStreamAtMs - performance.now();
      const { signal } = init;
      if (waitMs > 0)
        await pause(waitMs, undefined, { ref: false, ...(signal instanceof AbortSignal ? { signal } : {}) });
      nextStreamAtMs = performance.now() + streamEveryMs;
      return await streams.fetch(input, init);
    },
    close: async () => {
      await Promise.all([answers.close(), streams.close()]);
    },
  };
}
