import type { LookupKind } from './lookup-kind.ts';

/** How each kind is opened, by the word that stands behind `kind`. Loaded when a tool process needs it. */
export const lookupKinds = {
  http: async () => (await import('./http/http-kind.ts')).httpKind,
} satisfies Record<string, () => Promise<LookupKind>>;
