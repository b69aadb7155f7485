import { z } from 'zod';

import type { Tool } from './tool.ts';
import { defineTool } from './tool.ts';

/** `end_call`: the agent hangs up, once the caller has heard its goodbye. Silent, or the model would speak again. */
export function createEndCall(): Tool {
  return defineTool({
    name: 'end_call',
    description:
      'Ends the phone call. Call it when the caller needs nothing more or asks to end the call, ' +
      'and only after you have said goodbye.',
    behavior: 'nonBlocking',
    effect: 'call',
    parameters: z.object({}),
    run: () => ({ response: { result: 'The call ends.' }, silent: true, leave: { kind: 'hangUp' } }),
  });
}
