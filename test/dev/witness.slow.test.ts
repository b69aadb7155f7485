import { expect, test } from 'vitest';
import { googleGenai } from '../../dev/witness/google-genai.ts';
import { pipecat } from '../../dev/witness/pipecat.ts';
import { pythonFor } from '../../dev/witness/python-environment.ts';

test.concurrent.for([googleGenai, pipecat])('$name', async ({ folder, hold, expected }, { skip }) => {
  const found = await pythonFor(folder);
  if ('missing' in found) return skip(found.missing);
  expect(await hold(found.python)).toEqual(expected);
});
