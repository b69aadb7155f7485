import { expect, test } from 'vitest';
import { z } from 'zod';
import { trialTools } from '../../../src/console/phone/trial-tools.ts';
import { createTools, defineTool, type ToolEffect } from '../../../src/tools/tool.ts';
import { toolContext } from '../../tools/tool-context.ts';

test('of a trial only the tools that write are pretended, and the model is told so', async () => {
  const done: string[] = [];
  const tool = (name: string, effect: ToolEffect) =>
    defineTool({
      name,
      description: 'Does something.',
      effect,
      parameters: z.object({}),
      run: () => {
        done.push(name);
        return { response: { result: 'Done.' } };
      },
    });
  const tools = trialTools(createTools([tool('look_up', 'read'), tool('send', 'write')]));
  const answers = await Promise.all([...tools.values()].map(async (one) => one.run({}, toolContext())));
  expect(done).toEqual(['look_up']);
  expect(answers).toEqual([
    { response: { result: 'Done.' } },
    { response: { trial: true, result: expect.stringContaining('nothing was done') } },
  ]);
});
