import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { openAgentTools } from '../../src/service/agent-tools.ts';
import { createEndCall } from '../../src/tools/end-call.ts';
import { LogLines } from '../log-lines.ts';
import { toolFile, toolFolder } from '../tool-process/tool-folder.ts';
import { toolContext } from '../tools/tool-context.ts';

const { logger } = new LogLines();

test('tools of TOOLS_DIR stand beside those that Parley brings along', async () => {
  const folder = toolFolder({ 'hours.ts': toolFile({ hours: "return 'At nine.';" }) });
  const config = loadConfig({ TOOLS_DIR: folder });
  const { tools, warnings, close } = await openAgentTools(config, [createEndCall()], logger);
  onTestFinished(close);
  expect([[...tools.keys()], warnings]).toEqual([['end_call', 'hours'], []]);
  await expect(tools.get('hours')?.run({}, toolContext())).resolves.toEqual({ response: { result: 'At nine.' } });
});

test('all that is wrong is said at once, with the file: what does not load, names, and what a model refuses', async () => {
  const measure = `import { defineTool } from 'parley/tool';
import { z } from 'zod';
export const measure = defineTool({
  name: 'measure', description: 'Measures.', run: () => 'done',
  parameters: z.object({ sizes: z.record(z.string(), z.number()) }),
});`;
  const folder = toolFolder({
    'bye.ts': toolFile({ end_call: "return 'Bye.';" }),
    'hours.ts': toolFile({ hours: "return 'At nine.';" }),
    'times.ts': toolFile({ hours: "return 'At ten.';" }),
    'broken.ts': 'export const broken = ;',
    'measure.ts': measure,
  });
  const config = loadConfig({ TOOLS_DIR: folder, GEMINI_FALLBACK_MODEL: 'gemini-3.8-live-extended-thinking' });
  const at = (name: string): string => join(folder, name);
  await expect(openAgentTools(config, [createEndCall()], logger)).rejects.toMatchObject({
    code: 'tools.fileInvalid',
    message: [
      `${at('broken.ts')}, line 1, cannot be loaded: Expression expected.`,
      `Several tools are named "end_call": in Parley itself and in ${at('bye.ts')}. Rename all but one.`,
      `Several tools are named "hours": in ${at('hours.ts')} and in ${at('times.ts')}. Rename all but one.`,
      `${at('measure.ts')}: The tool measure cannot be declared to gemini-3.8-live-extended-thinking, which takes no JSON Schema: "additionalProperties" at sizes of its parameters has no equivalent.`,
    ].join('\n'),
  });
});

test('a folder that is named must be there, and the usual one need not', async () => {
  const nowhere = join(toolFolder({ 'a.txt': '' }), 'nowhere');
  await expect(openAgentTools(loadConfig({ TOOLS_DIR: nowhere }), [], logger)).rejects.toThrow(
    `TOOLS_DIR names ${nowhere}, which cannot be read (ENOENT).`,
  );
  await expect(openAgentTools(loadConfig({ TOOLS_DIR: import.meta.filename }), [], logger)).rejects.toThrow(
    'which is no folder',
  );
  const usual = { ...loadConfig({}), toolsFolder: { path: nowhere, isNamed: false } };
  const { tools, close } = await openAgentTools(usual, [createEndCall()], logger);
  onTestFinished(close);
  expect([...tools.keys()]).toEqual(['end_call']);
});
