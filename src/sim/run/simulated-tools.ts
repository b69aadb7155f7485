import { z } from 'zod';
import { builtInTools } from '../../tools/built-in.ts';
import { createTools, defineTool } from '../../tools/tool.ts';
import { pretendedTools } from '../scenario/pretended-tools.ts';

const pretended = Object.entries(pretendedTools).map(([name, terms]) =>
  defineTool({
    name,
    description: 'Does what its name says.',
    ...terms,
    parameters: z.object({ what: z.string() }),
    run: () => ({ response: {} }),
  }),
);

/** The declarations only: the world decides how the tools come out. */
export const simulatedTools = createTools([
  ...builtInTools({ lookupTable: { columns: ['order'], records: [['A1042']] }, destinations: ['support', 'sales'] }),
  ...pretended,
]);
