import { afterEach, expect, test } from 'vitest';
import type { RestUpdate } from '../../../../src/sim/carrier/carrier-events.ts';
import { placeCall } from '../../../../src/sim/carrier/hosts/phone.ts';
import type { RestCall } from '../../../../src/sim/carrier/rest/rest-account.ts';
import type { RestServer, RestServerOptions } from '../../../../src/sim/carrier/hosts/rest-server.ts';
import { startRestServer } from '../../../../src/sim/carrier/hosts/rest-server.ts';
import { accountSid, callSid, codec } from '../call-bench.ts';
import { SmallServer } from './small-server.ts';

const key = { user: `SK${'c'.repeat(32)}`, password: 'secret' };
const account = { user: accountSid, password: 'token' };
const hangup = { Twiml: '<Response><Hangup/></Response>' };

let rest: RestServer;
afterEach(() => rest.close());

test.each([key, account])('an update with the credentials of $user reaches the call', async (credentials) => {
  const { orders, call } = recorded('in-progress');
  await start({ callBySid: () => call });
  const response = await update(hangup, { credentials });

  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ sid: callSid, status: 'in-progress' });
  expect(orders).toEqual([{ type: 'twiml', twiml: hangup.Twiml }]);
});

test('each kind of update is understood', async () => {
  const { orders, call } = recorded('in-progress');
  await start({ callBySid: () => call });
  await update({ Url: 'https://parley.example/next' });
  await update({ Url: 'https://parley.example/next', Method: 'GET' });
  await update({ Status: 'completed' });

  expect(orders).toEqual([
    { type: 'url', url: 'https://parley.example/next', method: 'POST' },
    { type: 'url', url: 'https://parley.example/next', method: 'GET' },
    { type: 'completed' },
  ]);
});

test('wrong credentials are 20003', async () => {
  await start({});
  const response = await update(hangup, { credentials: { ...key, password: 'wrong' } });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ code: 20003, status: 401 });
});

test('an unknown call is 20404', async () => {
  await start({ callBySid: () => undefined });
  const response = await update(hangup);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({
    code: 20404,
    message: expect.stringContaining(callSid),
    more_info: 'https://www.twilio.com/docs/errors/20404',
    status: 404,
  });
});

test.each([
  ['completed', hangup],
  ['completed', { Status: 'completed' }],
  ['ringing', hangup],
] as const)('a call that is %s cannot be updated with %j: 21220', async (status, form) => {
  const { orders, call } = recorded(status);
  await start({ callBySid: () => call });
  const response = await update(form);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 21220 });
  expect(orders).toEqual([]);
});

test('a ringing call can be completed', async () => {
  const { orders, call } = recorded('ringing');
  await start({ callBySid: () => call });
  expect((await update({ Status: 'completed' })).status).toBe(200);
  expect(orders).toEqual([{ type: 'completed' }]);
});

test('an overloaded account is 20429, and the request is not processed', async () => {
  const { orders, call } = recorded('in-progress');
  await start({ callBySid: () => call, faultOf: () => 'overloaded' });
  const response = await update(hangup);
  expect(response.status).toBe(429);
  expect(await response.json()).toMatchObject({ code: 20429 });
  expect(orders).toEqual([]);
});

test.each([{}, { ...hangup, Status: 'completed' }, { Url: '/relative' }, { Status: 'busy' }])(
  'an update with %j is refused',
  async (form) => {
    const { call } = recorded('in-progress');
    await start({ callBySid: () => call });
    expect((await update(form)).status).toBe(400);
  },
);

test('an update ends the stream of a live call and runs its TwiML', async () => {
  const connect = '<Response><Connect><Stream url="wss://parley.example/media"/></Connect></Response>';
  const server = await SmallServer.start({ '/voice': connect }, ({ event }) => {
    if (event === 'start') void update(hangup);
  });
  const phone = placeCall({
    publicUrl: 'https://parley.example/voice',
    target: server.url,
    accountSid,
    callSid,
    from: '+15005550006',
    to: '+15005550001',
    script: { steps: [] },
    codec,
    seed: 1,
  });
  await start({ callBySid: (sid) => (sid === phone.callSid ? phone : undefined) });
  const report = await phone.ended;
  await server.close();

  expect(report.endReason).toBe('hangupVerb');
  expect(server.sockets[0]?.messages.at(-1)?.event).toBe('stop');
});

async function start(options: Partial<RestServerOptions>): Promise<void> {
  rest = await startRestServer({ accountSid, credentials: [key, account], callBySid: () => undefined, ...options });
}

function update(form: Record<string, string>, { credentials = key } = {}): Promise<Response> {
  return fetch(`${rest.url}/2010-04-01/Accounts/${accountSid}/Calls/${callSid}.json`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`,
    },
    body: new URLSearchParams(form),
  });
}

function recorded(status: RestCall['status']): { orders: RestUpdate[]; call: RestCall } {
  const orders: RestUpdate[] = [];
  return { orders, call: { status, update: (order) => void orders.push(order) } };
}
