import type { ToolContext } from '../../src/tools/tool.ts';

/** What a tool is run with. It serves the call CA1, and reaches nothing over the network. */
export function toolContext(given: Partial<ToolContext> = {}): ToolContext {
  return {
    signal: new AbortController().signal,
    call: { callSid: 'CA1', from: '+15550111', to: '+15550100', agent: 'agent', languageTag: null, timeZone: 'UTC' },
    key: 'CA1-1',
    log: () => {},
    fetch: async () => Promise.reject(new TypeError('There is no network in this test.')),
    ...given,
  };
}
