import type { RunTool, ToolSettlement } from '../host/tooling/tool-runner.ts';
import type { Tool, ToolRun } from '../tools/tool.ts';

/** Runs a tool in production: its promise becomes a callback. */
export const runTool: RunTool = (tool, args, run, done) => {
  const runAndTell = async (): Promise<void> => done(await settle(tool, args, run));
  void runAndTell();
};

async function settle(tool: Tool, args: unknown, run: ToolRun): Promise<ToolSettlement> {
  try {
    return { result: await tool.run(args, { ...run, fetch }) };
  } catch (error) {
    return { error };
  }
}
