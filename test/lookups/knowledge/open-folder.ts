import { onTestFinished } from 'vitest';
import { z } from 'zod';

import { knowledgeKind } from '../../../src/lookups/knowledge/knowledge-kind.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import type { LookupOptions } from '../../../src/lookups/lookup-kind.ts';
import { toolContext } from '../../tools/tool-context.ts';

const answerShape = z.object({
  status: z.enum(['found', 'not_found']),
  passages: z.array(z.object({ source: z.string(), text: z.string() })).default([]),
  message: z.string(),
});

/** What the log was told while the folder was open. */
export interface LoggedEvent {
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Opens a folder as an entry of the tools file would, until the test is over. */
export async function openFolder(
  folder: string,
  own: Readonly<Record<string, unknown>> = {},
  given: Partial<LookupOptions> = {},
) {
  const options = { name: 'find_passage', description: null, effect: null, confirm: false, timeoutMs: null, ...given };
  const logged: LoggedEvent[] = [];
  const offers: (readonly Tool[])[] = [];
  const lookup = await knowledgeKind.open(options, knowledgeKind.fields.parse({ folder, ...own }), {
    path: (named) => named,
    log: (event, fields = {}) => logged.push({ event, fields }),
    offer: (tools) => offers.push(tools),
  });
  onTestFinished(lookup.close);
  const ask = async (question: string, terms = '') => {
    const result = await lookup.tools[0]?.run({ question, terms }, toolContext());
    return answerShape.parse(result?.response);
  };
  return { ...lookup, logged, offers, ask };
}
