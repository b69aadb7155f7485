import { z } from 'zod';

import { toolMsMax } from '../../tools/tool.ts';

/** In less, nothing that is asked over a network is answered. */
const toolMsMin = 100;

/** About 500 tokens, which every session pays for. */
const descriptionCharactersMax = 2_000;

/** What every entry may say beside the members of its kind. */
export const optionFields = {
  description: z
    .string()
    .min(1)
    .max(descriptionCharactersMax)
    .describe('When to call it and what to say meanwhile, told to the model.'),
  effect: z
    .enum(['read', 'write'])
    .optional()
    .describe(
      'write: it changes something or tells somebody. It is then run once for each wish, and never again by itself.',
    ),
  confirm: z
    .boolean()
    .optional()
    .describe('Of a write: whether the caller must have said yes to the very same values first.'),
  timeout_ms: z
    .number()
    .int()
    .min(toolMsMin)
    .max(toolMsMax)
    .optional()
    .describe('How long it may take, in milliseconds. Usually 8000.'),
};
