import { expect, test } from 'vitest';
import { agentTonesHz } from './isolation/call-tones.ts';
import { heardAtOnce } from './isolation/heard-calls.ts';

// `isolation.test.ts` has six. Of twenty, the sound of many is on its way at any moment.
test('twenty calls at once each hear their own model and nobody else', async (context) => {
  const { bySession, byCall } = await heardAtOnce(context, 20);
  expect(bySession).toEqual(byCall);
  expect(byCall.flatMap(({ agentHz }) => agentHz)).toEqual(agentTonesHz.slice(0, 20));
});
