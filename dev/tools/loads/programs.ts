import type { ToolLoad } from '../tool-load.ts';

/** One that does not answer then is ended three seconds later, before the load has to be over. */
const timeoutMs = 1_000;

/** What programs of an admin may do to their process. */
export const programs: readonly ToolLoad[] = [
  program('an endless loop', 'loops', 'for (;;);'),
  program(
    'heavy parsing',
    'parses',
    `const text = JSON.stringify(Array.from({ length: 200_000 }, (_, at) => ({ at, name: 'order ' + at })));
    while (!context.signal.aborted) { JSON.parse(text); await new Promise(setImmediate); }`,
  ),
  program('all the memory', 'hoards', 'const all = []; for (;;) all.push(new Array(100_000).fill(all));'),
  program('a flood of output', 'prints', "for (;;) process.stdout.write('x'.repeat(99) + '\\n');"),
];

function program(name: string, tool: string, body: string): ToolLoad {
  const text = `import { defineTool } from 'parley/tool';
import { z } from 'zod';
export const ${tool} = defineTool({
  name: '${tool}', description: 'A load.', timeoutMs: ${timeoutMs}, parameters: z.object({ count: z.number() }),
  run: async (_args, context) => {
    ${body}
    return 'done';
  },
});
`;
  return {
    name,
    prepare: () => ({ tools: { [`${tool}.ts`]: text }, call: { tool, args: (count) => ({ count }) } }),
  };
}
