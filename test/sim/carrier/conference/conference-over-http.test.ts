import RequestClient from 'twilio/lib/base/RequestClient.js';
import twilio from 'twilio';
import { expect, onTestFinished, test } from 'vitest';
import { ConferenceHost } from '../../../../src/sim/carrier/hosts/conference-host.ts';
import { type PhoneCall, placeCall } from '../../../../src/sim/carrier/hosts/phone.ts';
import { startRestServer } from '../../../../src/sim/carrier/hosts/rest-server.ts';
import { accountSid, codec } from '../call-bench.ts';
import { SmallServer } from '../hosts/small-server.ts';

/** A machine that is busy with other work answers late; one fault of the API never does. */
const clientMsMax = 3_000;

const human = '+15005550100';
const room = `<Response><Dial action="/after"><Conference endConferenceOnExit="true" waitUrl=""
  statusCallback="https://parley.example/room" statusCallbackEvent="start end join leave hold">room</Conference></Dial></Response>`;

test("Twilio's own client brings somebody into the conference of a call, holds, briefs, and puts out the caller", async () => {
  const { server, phone, client } = await scene();
  const conferences = client.conferences;
  await expect.poll(async () => (await conferences.list()).length).toBe(1);
  const [conference] = await conferences.list({ friendlyName: 'room' });
  const participants = conferences(conference?.sid ?? '').participants;

  const made = await conferences('room').participants.create({
    from: '+15005550001',
    to: human,
    label: 'human',
    earlyMedia: false,
    statusCallback: 'https://parley.example/human',
    statusCallbackEvent: ['answered', 'completed'],
  });
  expect(made.status).toBe('ringing');
  await expect.poll(async () => (await participants('human').fetch()).status).toBe('connected');
  expect((await conferences(conference?.sid ?? '').fetch()).status).toBe('in-progress');

  expect((await participants(phone.callSid).update({ hold: true })).hold).toBe(true);
  await participants('human').update({ announceUrl: 'https://parley.example/brief' });
  await expect.poll(() => server.requests.map(({ path }) => path)).toContain('/brief');
  expect((await client.calls(phone.callSid).fetch()).status).toBe('in-progress');

  expect(await participants(phone.callSid).remove()).toBe(true);
  const report = await phone.ended;
  expect(report.timeline).toContainEqual(expect.objectContaining({ kind: 'dial.ended', to: 'room', bridged: true }));
  await expect(participants('human').fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
  const events = server.requests
    .filter(({ path }) => path === '/room')
    .map(({ form }) => String(form['StatusCallbackEvent']));
  expect(events.toSorted()).toEqual([
    'conference-end',
    'conference-start',
    'participant-hold',
    'participant-join',
    'participant-join',
    'participant-leave',
    'participant-leave',
  ]);
  await expect
    .poll(() => server.requests.filter(({ path }) => path === '/human').map(({ form }) => form['CallStatus']))
    .toEqual(['in-progress', 'completed']);
});

test("Twilio's own client sees each fault of the API as its documentation says", async () => {
  const faults = ['overloaded', 'internal', 'unavailable', 'problemDetails', 'silent'] as const;
  const { client, setFault } = await scene();
  const codes: unknown[] = [];
  for (const fault of faults) {
    setFault(fault);
    await client.conferences.list().catch((error: unknown) => {
      const { status, code } = Object(error);
      codes.push([status, code]);
    });
  }
  expect(codes).toEqual([
    [429, 20429],
    [500, 20500],
    [503, 20503],
    [503, 20503],
    [undefined, 'ECONNABORTED'],
  ]);
});

/** A caller in a conference, a server for its webhooks, and the account's REST API with Twilio's own client. */
async function scene() {
  const server = await SmallServer.start({
    '/voice': room,
    '/after': '<Response><Hangup/></Response>',
    '/brief': '<Response><Say>They want to know about their order.</Say></Response>',
    '/room': '',
    '/human': '',
  });
  const route = { publicOrigin: 'https://parley.example', target: server.url, authToken: undefined };
  const dialOutcomes = { [human]: { type: 'answered', ringMs: 50, talkMs: 60_000 } } as const;
  const conferences = new ConferenceHost({ accountSid, route, dialOutcomes, seed: 1 });
  const phone: PhoneCall = placeCall({
    publicUrl: 'https://parley.example/voice',
    target: server.url,
    accountSid,
    conferences,
    from: '+15005550006',
    to: '+15005550001',
    script: { steps: [] },
    codec,
    seed: 1,
  });
  let fault: 'overloaded' | 'internal' | 'unavailable' | 'problemDetails' | 'silent' | null = null;
  const rest = await startRestServer({
    accountSid,
    credentials: [{ user: accountSid, password: 'token' }],
    callBySid: (sid) => (sid === phone.callSid ? phone : undefined),
    conferences,
    faultOf: () => fault,
  });
  onTestFinished(async () => {
    phone.hangUp();
    await phone.ended;
    conferences.close();
    await rest.close();
    await server.close();
  });
  const client = twilio(accountSid, 'token', { httpClient: loopbackClient(rest.url) });
  return { server, phone, client, setFault: (next: typeof fault) => void (fault = next) };
}

/** Twilio's own client, whose requests go to loopback. */
function loopbackClient(url: string): RequestClient {
  const client = new RequestClient({ timeout: clientMsMax });
  client.axios.interceptors.request.use((request) => {
    request.url = request.url?.replace('https://api.twilio.com', url) ?? url;
    return request;
  });
  return client;
}
