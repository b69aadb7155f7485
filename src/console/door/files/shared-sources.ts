/** Sources of the server that pages run as well. Each is pure, and imports none that stands not here. */
export const sharedSources: ReadonlySet<string> = new Set([
  'src/audio/mulaw.ts',
  'src/console/phone/handset-wire.ts',
  'src/console/words-behind.ts',
  'src/store/history/agent-words.ts',
  'src/store/history/caller-words.ts',
  'src/store/history/clock-time.ts',
  'src/store/history/cost-words.ts',
  'src/store/history/outcome-words.ts',
]);

/** Packages that pages import, by the name of the import. */
export const pagePackages = ['preact', 'preact/hooks'] as const;
