import type { Tool } from '../../tools/tool.ts';

const nothingDone = {
  trial: true,
  result: 'This call is a trial, so nothing was done. Tell the caller what would have been done, and that it was not.',
};

/** The tools of a call that is only a trial: those that write do nothing, and say so. All others are as they were. */
export function trialTools(tools: ReadonlyMap<string, Tool>): ReadonlyMap<string, Tool> {
  return new Map([...tools].map(([name, tool]) => [name, tool.effect === 'write' ? pretended(tool) : tool]));
}

function pretended(tool: Tool): Tool {
  return { ...tool, run: async () => Promise.resolve({ response: nothingDone }) };
}
