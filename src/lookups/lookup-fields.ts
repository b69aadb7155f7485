import { z } from 'zod';

import { httpFields } from './http/http-fields.ts';
import { faultsTogether } from './http/http-options.ts';
import type { KindFields } from './kind-fields.ts';
import { knowledgeFields } from './knowledge/knowledge-fields.ts';
import { mcpFields, offeredName } from './mcp/mcp-fields.ts';
import { readerFaults } from './only-reads.ts';
import { dialectOf, sqlFields } from './sql/sql-fields.ts';
import { tableFields } from './table/table-fields.ts';

/** What holds of a kind that changes nothing. */
const reader = { describesItself: false, effectUsual: 'read', takesOptions: true, together: readerFaults } as const;

/** The kinds of tools that the tools file can declare, by the word that stands behind `kind`. */
export const lookupFields = {
  http: {
    fields: httpFields,
    lane: () => 'web',
    describesItself: false,
    effectUsual: 'read',
    takesOptions: true,
    together: faultsTogether,
  },
  knowledge: { ...reader, fields: knowledgeFields, lane: () => 'files', describesItself: true },
  table: { ...reader, fields: tableFields, lane: () => 'files' },
  sql: {
    ...reader,
    fields: sqlFields,
    lane: ({ database }) => (dialectOf(String(database)) === 'postgres' ? 'web' : 'sqlite'),
  },
  mcp: {
    fields: mcpFields,
    lane: () => 'web',
    describesItself: true,
    effectUsual: 'write',
    takesOptions: true,
    names: (fields) => Object.entries(mcpFields.parse(fields).tools).map(([name, wanted]) => offeredName(name, wanted)),
  },
  google_search: {
    fields: z.strictObject({}),
    lane: null,
    describesItself: true,
    effectUsual: 'read',
    takesOptions: false,
  },
} satisfies Record<string, KindFields>;
