import type { AgentSetup } from '../../../gemini/setup.ts';

type Declaration = AgentSetup['tools'][number];

/** What makes the model call the tool, whatever its declaration says. */
export const lookUpRequest = 'Please look up order A1042.';

const parameters = {
  type: 'object',
  properties: { order: { type: 'string', description: 'The number of the order.' } },
  required: ['order'],
};

/** A look-up for which the model waits. */
export const blockingLookUp: Declaration = {
  name: 'look_up_order',
  description: 'Finds out where an order is.',
  behavior: 'blocking',
  parameters,
};

/** The same, and the model talks on meanwhile. */
export const freeLookUp: Declaration = { ...blockingLookUp, behavior: 'nonBlocking' };

/** A word that nobody says unless a tool has told it. */
export const toldByTool = 'marmalade';

/** What the look-up answers. */
export const lookUpResult = `The order is in the van. The password for the driver is ${toldByTool}.`;

export const passwordQuestion = 'What is the password for the driver? Say only the word.';
