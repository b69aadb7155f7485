import { expect, test } from 'vitest';
import { anyCall } from '../../src/store/history/call-history.ts';
import { failCalls, failures, historyOf, lost } from './failed-calls.ts';

test('the history says of each of ten failed calls why it failed, without recordings', async (context) => {
  const failed = await failCalls(context);
  const history = historyOf(failed);
  context.onTestFinished(() => history.close());
  const { calls } = await history.list(anyCall, { after: null, limit: 50 });
  const told = [...failures, lost].map(({ name }) => {
    const call = calls.find(({ callSid }) => callSid === failed.callSids.get(name));
    return { name, outcome: call?.outcome, faults: call?.faults, why: call?.why };
  });
  expect(told).toEqual([...failures, lost].map(({ name, outcome, faults, why }) => ({ name, outcome, faults, why })));
});
