import { z } from 'zod';

import type { Tool } from './tool.ts';
import { defineTool } from './tool.ts';

/** Each agent has one of its own, if it may transfer at all. */
export const transferCallName = 'transfer_call';

/**
 * `transfer_call`: connects the caller with one of `destinations`, of which there is at least one. The model knows names only.
 * It is answered at once, because the model is silent until then and must still say goodbye.
 */
export function createTransferCall(destinations: readonly string[]): Tool {
  return defineTool({
    name: transferCallName,
    description:
      'Connects the caller with a person and ends your part of the call. Call it when the caller asks for a person, ' +
      'or when you cannot help and the caller agrees to be connected. Do not say goodbye before you call it.',
    effect: 'call',
    parameters: z.object({
      destination: z.enum(destinations).describe('The place that fits what the caller needs.'),
    }),
    run: ({ destination }) => ({
      response: {
        result:
          `The caller will be connected with ${destination} as soon as you have finished speaking. ` +
          'Say in one short sentence that you are connecting the caller, and nothing after it.',
      },
      leave: { kind: 'transfer', destination },
    }),
  });
}
