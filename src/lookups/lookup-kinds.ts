import type { LookupKind, LookupLane, LookupMeans, LookupOptions, OpenLookup } from './lookup-kind.ts';

/**
 * A kind of lookup whose fields nobody knows who does not know the kind. `lane` and `open` want what came out of the `fields` of the same
 * kind: they are written as methods, because no type can say that.
 */
export interface AnyLookupKind extends Pick<LookupKind, 'fields'> {
  lane(fields: unknown): LookupLane;
  open(options: LookupOptions, fields: unknown, means: LookupMeans): Promise<OpenLookup>;
}

/** Every kind of lookup, by the name that the tools file gives it. Each is loaded where one is opened, and nowhere else. */
export const lookupKinds: ReadonlyMap<string, () => Promise<AnyLookupKind>> = new Map<
  string,
  () => Promise<AnyLookupKind>
>([
  ['knowledge', async () => (await import('./knowledge/knowledge-kind.ts')).knowledgeKind],
  ['http', async () => (await import('./http/http-kind.ts')).httpKind],
  ['table', async () => (await import('./table/table-kind.ts')).tableKind],
  ['sql', async () => (await import('./sql/sql-kind.ts')).sqlKind],
  ['mcp', async () => (await import('./mcp/mcp-kind.ts')).mcpKind],
]);
