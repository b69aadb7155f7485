import { expect, test } from 'vitest';
import { z } from 'zod';
import { trialTools } from '../../../src/console/phone/trial-tools.ts';
import { createTools, defineTool } from '../../../src/tools/tool.ts';

const context = { signal: new AbortController().signal, callSid: 'CA1' };

test('of a trial only the tools that act are pretended, and the model is told so', async () => {
  const done: string[] = [];
  const tool = (name: string, acts: boolean) =>
    defineTool({
      name,
      description: 'Does something.',
      acts,
      parameters: z.object({}),
      run: () => {
        done.push(name);
        return { response: { result: 'Done.' } };
      },
    });
  const tools = trialTools(createTools([tool('look_up', false), tool('send', true)]));
  const answers = await Promise.all([...tools.values()].map(async (one) => one.run({}, context)));
  expect(done).toEqual(['look_up']);
  expect(answers).toEqual([
    { response: { result: 'Done.' } },
    { response: { trial: true, result: expect.stringContaining('nothing was done') } },
  ]);
});
