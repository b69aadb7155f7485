import type { ToolContext } from './tool.ts';

/**
 * What a tool is run with outside of a call, in a test or at the desk. `given` takes the place of what it says: a caller, or a `fetch` that
 * answers what the test wants.
 */
export function trialContext(given: Partial<ToolContext> = {}): ToolContext {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return {
    signal: new AbortController().signal,
    call: { callSid: 'CA-trial', from: null, to: null, agent: 'trial', languageTag: null, timeZone },
    key: 'trial-1',
    log: () => {},
    fetch,
    ...given,
  };
}
