import { z } from 'zod';

import { httpFields } from './http/http-fields.ts';
import { faultsTogether } from './http/http-options.ts';
import type { KindFields } from './kind-fields.ts';
import { knowledgeFaults, knowledgeFields } from './knowledge/knowledge-fields.ts';

/** The kinds of tools that the tools file can declare, by the word that stands behind `kind`. */
export const lookupFields = {
  http: {
    fields: httpFields,
    describesItself: false,
    effectUsual: 'read',
    takesOptions: true,
    together: faultsTogether,
  },
  knowledge: {
    fields: knowledgeFields,
    describesItself: true,
    effectUsual: 'read',
    takesOptions: true,
    together: knowledgeFaults,
  },
  google_search: { fields: z.strictObject({}), describesItself: true, effectUsual: 'read', takesOptions: false },
} satisfies Record<string, KindFields>;
