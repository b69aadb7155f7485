import { onTestFinished } from 'vitest';
import { createLogger } from '../../src/system/logger.ts';
import { systemClock } from '../../src/system/clock.ts';
import { type LaneLimits, type OpenedLane, ToolLane, usualLimits } from '../../src/tool-process/tool-lane.ts';
import type { Tool } from '../../src/tools/tool.ts';

/** The text of a file with tools: each is a name and the body of its `run`. */
export function toolFile(bodies: Readonly<Record<string, string>>, options = ''): string {
  const tools = Object.entries(bodies).map(
    ([name, body]) =>
      `export const ${name} = defineTool({ name: '${name}', description: 'Does it.', ${options}
        parameters: z.object({ word: z.string().optional() }),
        run: async ({ word }: { word?: string }, context: ToolContext) => { ${body} } });`,
  );
  return `import { defineTool, type ToolContext } from 'parley/tool';\nimport { z } from 'zod';\n${tools.join('\n')}\n`;
}

/** A lane with a folder of tools. */
export interface RunningLane extends OpenedLane {
  readonly lane: ToolLane;
  readonly toolOf: (name: string) => Tool;
  /** Lines of the log, parsed. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

/** Opens a folder in the process for code, for as long as the test runs. */
export async function openFolder(folder: string, limits: Partial<LaneLimits> = {}): Promise<RunningLane> {
  return openFolderUntil(onTestFinished, folder, limits);
}

/** Opens a folder in the process for code, which is closed when `isOver` has its function called. */
export async function openFolderUntil(
  isOver: (close: () => Promise<void>) => void,
  folder: string,
  limits: Partial<LaneLimits> = {},
): Promise<RunningLane> {
  const lines: Readonly<Record<string, unknown>>[] = [];
  const log = createLogger('info', { write: (line: string) => void lines.push(JSON.parse(line)) });
  const lane = new ToolLane({
    name: 'code',
    sources: [{ type: 'folder', folder, privateHosts: [] }],
    clock: systemClock,
    log,
    limits: { ...usualLimits, ...limits },
  });
  isOver(async () => lane.close());
  const opened = await lane.open();
  return {
    ...opened,
    lane,
    lines,
    toolOf: (name) => {
      const found = opened.tools.find(({ tool }) => tool.name === name);
      if (found === undefined) throw new Error(`There is no ${name}: ${opened.problems.join(' ')}`);
      return found.tool;
    },
  };
}
