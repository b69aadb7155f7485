import { expect, test, type TestContext } from 'vitest';
import type { CallFact } from '../../src/call/events.ts';
import { createRedirect } from '../../src/twilio/edge/rest.ts';
import type { Redirect } from '../../src/twilio/redirect.ts';
import type { CallStatus, RestUpdate } from '../../src/sim/carrier/carrier-events.ts';
import { startRestServer } from '../../src/sim/carrier/hosts/rest-server.ts';
import { LogLines } from '../log-lines.ts';
import { loopbackClient } from './loopback-client.ts';

const accountSid = `AC${'1'.repeat(32)}`;
const callSid = `CA${'2'.repeat(32)}`;
const access = { accountSid, username: `SK${'3'.repeat(32)}`, password: 'api-key-secret-77aa' };
const hangUp = '<Response><Hangup/></Response>';

test('an update gives a live call its new document', async (context) => {
  const { redirect, updates } = await account(context, 'in-progress');
  expect(await told(redirect, callSid)).toEqual({ type: 'telephony.updated' });
  expect(updates).toEqual([{ type: 'twiml', twiml: hangUp }]);
});

test('an update of a call that has ended says that it is over', async (context) => {
  const { redirect, updates } = await account(context, 'completed');
  const refused = { type: 'telephony.failed', fault: 'telephony.refused', callOver: true };
  expect(await told(redirect, callSid)).toEqual(refused);
  expect(updates).toEqual([]);
});

test.for([
  ['an unknown call', {}, `CA${'9'.repeat(32)}`, { status: 404, code: 20404 }],
  ['a wrong secret', { password: 'wrong-secret' }, callSid, { status: 401, code: 20003 }],
  ['an account that nobody serves', { isDown: true }, callSid, {}],
] as const)('an update for %s fails with one line that holds no secret', async ([, changes, call, line], context) => {
  const { redirect, log } = await account(context, 'in-progress', changes);
  const refused = { type: 'telephony.failed', fault: 'telephony.refused', callOver: false };
  expect(await told(redirect, call)).toEqual(refused);
  expect(log.all).toMatchObject([{ msg: 'callUpdateFailed', callSid: call, ...line }]);
  expect(log.text).not.toMatch(/secret/);
});

test('an update without credentials says so', async () => {
  const redirect = await createRedirect(null, new LogLines().logger);
  expect(await told(redirect, callSid)).toEqual({
    type: 'telephony.failed',
    fault: 'telephony.notConfigured',
    callOver: false,
  });
});

/** What a call is told when it is redirected. */
function told(redirect: Redirect, of: string): Promise<CallFact> {
  return new Promise((resolve) => redirect(of, hangUp, resolve));
}

/** An account with one call in some state. */
async function account(
  { onTestFinished }: TestContext,
  status: CallStatus,
  changes: { readonly password?: string; readonly isDown?: boolean } = {},
) {
  const updates: RestUpdate[] = [];
  const call = { status, update: (update: RestUpdate) => void updates.push(update) };
  const server = await startRestServer({
    accountSid,
    credentials: [{ user: access.username, password: access.password }],
    callBySid: (sid) => (sid === callSid ? call : undefined),
  });
  if (changes.isDown === true) await server.close();
  else onTestFinished(() => server.close());
  const log = new LogLines();
  const redirect = await createRedirect({ ...access, ...changes }, log.logger, loopbackClient(server.url));
  return { redirect, updates, log };
}
