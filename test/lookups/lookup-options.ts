import type { LookupOptions } from '../../src/lookups/lookup-kind.ts';

/** An entry of the tools file that says only its name and what it is for. */
export function lookupOptions(given: Partial<LookupOptions> = {}): LookupOptions {
  return { name: 'look_up', description: 'Looks it up.', effect: null, confirm: false, timeoutMs: null, ...given };
}
