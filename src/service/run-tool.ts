import type { RunTool, ToolSettlement } from '../host/tool-runner.ts';
import type { Tool, ToolContext } from '../tools/tool.ts';

/** Runs a tool in production: its promise becomes a callback. */
export const runTool: RunTool = (tool, args, context, done) => {
  const run = async (): Promise<void> => done(await settle(tool, args, context));
  void run();
};

async function settle(tool: Tool, args: unknown, context: ToolContext): Promise<ToolSettlement> {
  try {
    return { result: await tool.run(args, context) };
  } catch (error) {
    return { error };
  }
}
