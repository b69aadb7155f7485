import { expect, test } from 'vitest';
import twilio from 'twilio';
import type { RestAccount } from '../../../src/sim/carrier/rest/rest-account.ts';
import { startRestServer } from '../../../src/sim/carrier/hosts/rest-server.ts';
import { loopbackClient } from '../../twilio/loopback-client.ts';
import { restNumber } from './rest-number.ts';

const accountSid = `AC${'1'.repeat(32)}`;
const token = 'the-primary-token';

test("Twilio's own package reads the account, lists its numbers, and updates one of them field by field", async ({
  onTestFinished,
}) => {
  const first = restNumber();
  const second = restNumber({ sid: `PN${'2'.repeat(32)}`, phoneNumber: '+15005550002', friendlyName: 'Second' });
  const client = await account({ type: 'Trial', numbers: [first, second], primaryToken: token }, onTestFinished);
  expect(await client.api.v2010.accounts(accountSid).fetch()).toMatchObject({ status: 'active', type: 'Trial' });
  expect((await client.incomingPhoneNumbers.list()).map(({ phoneNumber }) => phoneNumber)).toEqual([
    first.phoneNumber,
    second.phoneNumber,
  ]);
  expect(await client.incomingPhoneNumbers.list({ phoneNumber: '5550002' })).toMatchObject([{ sid: second.sid }]);
  const voiceUrl = 'https://parley.example/twilio/voice#rc=5&rp=ct,rt,5xx';
  const updated = await client.incomingPhoneNumbers(second.sid).update({ voiceUrl, voiceMethod: 'GET' });
  expect(updated).toMatchObject({ voiceUrl, voiceMethod: 'GET', friendlyName: 'Second', statusCallback: '' });
  expect(second).toMatchObject({ voiceUrl, voiceMethod: 'GET' });
  expect(first).toEqual(restNumber());
});

test.for([
  [{ voiceUrl: 'parley.example' }, 21402],
  [{ statusCallback: 'https://parley.example/', statusCallbackMethod: 'PUT' }, 21403],
] as const)('an update with %j changes nothing: %d', async ([update, code], { onTestFinished }) => {
  const number = restNumber();
  const client = await account({ numbers: [number] }, onTestFinished);
  await expect(client.incomingPhoneNumbers(number.sid).update(update)).rejects.toMatchObject({ status: 400, code });
  expect(number).toEqual(restNumber());
});

test('a number that the account does not have is 20404, and none is bought', async ({ onTestFinished }) => {
  const client = await account({}, onTestFinished);
  const missing = { status: 404, code: 20404 };
  await expect(client.incomingPhoneNumbers(`PN${'9'.repeat(32)}`).fetch()).rejects.toMatchObject(missing);
  await expect(client.incomingPhoneNumbers.create({ phoneNumber: '+15005550003' })).rejects.toMatchObject(missing);
});

async function account(options: Partial<RestAccount>, onTestFinished: (end: () => Promise<void>) => void) {
  const credentials = [{ user: accountSid, password: token }];
  const server = await startRestServer({ accountSid, credentials, callBySid: () => undefined, ...options });
  onTestFinished(() => server.close());
  return twilio(accountSid, token, { httpClient: loopbackClient(server.url) });
}
