import { expect, test } from 'vitest';
import { agentTonesHz } from './isolation/call-tones.ts';
import { heardAtOnce } from './isolation/heard-calls.ts';

test('six calls at once each hear their own model and nobody else', async (context) => {
  const { bySession, byCall } = await heardAtOnce(context, 6);
  expect(bySession).toEqual(byCall);
  expect(byCall.flatMap(({ agentHz }) => agentHz)).toEqual(agentTonesHz.slice(0, 6));
});
