// What files of TOOLS_DIR import as `parley/tool`. Whatever stands here is kept as it is, because others build on it.
import type { ServedCall, Tool, ToolContext, ToolLog, ToolResult } from './tool.ts';
import { defineTool } from './tool.ts';
import { trialContext } from './trial-context.ts';

export type { ServedCall, Tool, ToolContext, ToolLog, ToolResult };
export { defineTool, trialContext };
