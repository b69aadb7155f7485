import { z } from 'zod';

import { documentLanguages } from './search/document-language.ts';

/** More than these make the model read aloud instead of answering. */
const passagesShownMax = 5;

/** What an entry of `kind: knowledge` says beside what every entry says. */
export const knowledgeFields = z.strictObject({
  folder: z
    .string()
    .min(1)
    .describe('The folder of the documents: Markdown, text, HTML and PDF. Relative paths count from this file.'),
  language: z
    .enum(documentLanguages)
    .optional()
    .describe('The language of all its documents. Without it, it is found out for each.'),
  passages_max: z.int().min(1).max(passagesShownMax).default(3).describe('How many passages an answer holds at most.'),
});
