import { z } from 'zod';

import { knowledgeKind } from '../../src/lookups/knowledge/knowledge-kind.ts';
import type { OpenLookup } from '../../src/lookups/lookup-kind.ts';
import type { Tool } from '../../src/tools/tool.ts';
import type { HandbookQuestion } from './handbook-questions.ts';

/** Of how many questions the right passage came first, was among the first three, and among the first five. */
export interface KnowledgeScore {
  readonly first: number;
  readonly firstThree: number;
  readonly firstFive: number;
  /** CPU time of each question. */
  readonly cpuMs: readonly number[];
}

/** Opens a folder as the tools file would, with as many passages in an answer as there can be. */
export async function openKnowledge(folder: string): Promise<OpenLookup & { readonly tool: Tool }> {
  const options = { name: 'find_passage', description: null, effect: null, confirm: false, timeoutMs: null };
  const fields = knowledgeKind.fields.parse({ folder, passages_max: 5 });
  const lookup = await knowledgeKind.open(options, fields, { path: (named) => named, log: () => {}, offer: () => {} });
  const [tool] = lookup.tools;
  if (tool === undefined) throw new RangeError(`There is nothing to search: ${lookup.warnings.join(' ')}`);
  return { ...lookup, tool };
}

const answer = z.object({ passages: z.array(z.object({ text: z.string() })).default([]) });

/** Asks the questions of a tool, bare as callers put them or with the words that a model adds. */
export async function knowledgeScore(
  tool: Tool,
  questions: readonly HandbookQuestion[],
  asked: 'bare' | 'withTerms',
): Promise<KnowledgeScore> {
  const places: number[] = [];
  const cpuMs: number[] = [];
  for (const { question, terms, quotation } of questions) {
    const begin = process.cpuUsage();
    const { response } = await tool.run({ question, terms: asked === 'bare' ? '' : terms }, unusedContext);
    const { user, system } = process.cpuUsage(begin);
    cpuMs.push((user + system) / 1000);
    const place = answer.parse(response).passages.findIndex(({ text }) => text.includes(quotation));
    places.push(place === -1 ? Number.POSITIVE_INFINITY : place + 1);
  }
  const within = (most: number): number => places.filter((place) => place <= most).length;
  return { first: within(1), firstThree: within(3), firstFive: within(5), cpuMs };
}

/** A search asks nothing of the call that it serves. */
const unusedContext = {
  signal: new AbortController().signal,
  call: { callSid: '', from: null, to: null, agent: '', languageTag: null, timeZone: 'UTC' },
  key: '',
  log: () => {},
  fetch: async () => Promise.reject(new TypeError('A search fetches nothing.')),
};
