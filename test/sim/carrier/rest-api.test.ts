import { expect, test } from 'vitest';
import type { RestUpdate } from '../../../src/sim/carrier/carrier-events.ts';
import type { DialOutcomes } from '../../../src/sim/carrier/verbs/dialling.ts';
import type { RestCall } from '../../../src/sim/carrier/rest/rest-account.ts';
import { answerRest } from '../../../src/sim/carrier/rest/rest-api.ts';
import { accountSid } from './call-bench.ts';
import { callSids, ConferenceBench, human, zeroUnixMs } from './conference/conference-bench.ts';

const [caller = '', second = ''] = callSids;
const ours = '+15005550001';
const answers: DialOutcomes = { [human]: { type: 'answered', ringMs: 1000, talkMs: 60_000 } };

test('a call is fetched with its status, whether it lives or not, and listed by it', () => {
  const api = new Api();
  expect(api.get(`/Calls/${caller}.json`)).toMatchObject({
    status: 200,
    body: { sid: caller, account_sid: accountSid, status: 'in-progress', from: '+15005550006', to: ours },
  });
  expect(api.get(`/Calls/${second}.json`)).toMatchObject({ status: 200, body: { status: 'completed' } });
  expect(api.get('/Calls.json?Status=completed')).toMatchObject({ body: { calls: [{ sid: second }], page: 0 } });
  expect(api.get('/Calls.json')).toMatchObject({ body: { calls: [{}, {}] } });
});

test.for([
  [{}, 20001],
  [{ Twiml: '<Response/>', Url: 'https://parley.example/' }, 20001],
  [{ Url: '/relative' }, 21205],
  [{ Url: 'https://parley.example/', Method: 'PUT' }, 21209],
] as const)('an update of a call with %j is %d', ([form, code]) => {
  const api = new Api();
  expect(api.post(`/Calls/${caller}.json`, form)).toMatchObject({ status: 400, body: { code } });
  expect(api.updates).toEqual([]);
});

test.for(['/Calls/x.json', `/Calls/CA${'0'.repeat(32)}.json`, '/Recordings.json', '/Conferences/room.json'])(
  'there is no %s: 20404',
  (path) => {
    expect(new Api().get(path)).toMatchObject({ status: 404, body: { code: 20404, status: 404 } });
  },
);

test('somebody is called into a conference by its name, rings, and is connected', () => {
  const api = new Api(answers);
  api.bench.join(caller);
  const made = api.post('/Conferences/room/Participants.json', {
    From: ours,
    To: human,
    Label: 'human',
    Beep: 'false',
  });
  const { sid } = api.bench.conference;
  expect(made).toMatchObject({
    status: 201,
    body: {
      call_sid: expect.stringMatching(/^CA/),
      label: 'human',
      conference_sid: sid,
      status: 'ringing',
      hold: false,
    },
  });
  api.bench.runFor(1000);
  expect(api.get(`/Conferences/${sid}/Participants/human.json`)).toMatchObject({ body: { status: 'connected' } });
  expect(api.get(`/Conferences/${sid}/Participants.json`)).toMatchObject({
    body: { participants: [{ call_sid: caller }, { label: 'human' }] },
  });
  expect(api.get('/Conferences.json?Status=in-progress&FriendlyName=room')).toMatchObject({
    body: { conferences: [{ sid, friendly_name: 'room', status: 'in-progress' }] },
  });
});

test('a name without a conference makes one, a SID without one does not', () => {
  const api = new Api(answers);
  const order = { From: ours, To: human };
  expect(api.post('/Conferences/new/Participants.json', order)).toMatchObject({ status: 201 });
  expect(api.bench.conference).toMatchObject({ name: 'new', status: 'init' });
  expect(api.post(`/Conferences/CF${'0'.repeat(32)}/Participants.json`, order)).toMatchObject({
    status: 404,
    body: { code: 20404 },
  });
});

test.for([
  [{ From: ours }, 21201],
  [{ To: human }, 21213],
  [{ From: ours, To: 'support' }, 21211],
  [{ From: '+15005559999', To: human }, 21210],
  [{ From: ours, To: human, Timeout: '4' }, 20001],
  [{ From: ours, To: human, Label: 'x'.repeat(129) }, 20001],
  [{ From: ours, To: human, Label: 'caller' }, 16025],
  [{ From: ours, To: human, WaitUrl: '/music' }, 21205],
] as const)('a participant made of %j is refused with %d, and nobody rings', ([form, code]) => {
  const api = new Api(answers);
  api.bench.join(caller, { label: 'caller' });
  expect(api.post('/Conferences/room/Participants.json', form)).toMatchObject({ status: 400, body: { code } });
  expect(api.bench.bridge.legs).toEqual([]);
});

test('a participant is muted, held with a document, coached, spoken to, and made to end the conference', () => {
  const api = new Api(answers);
  api.bench.join(caller);
  api.bench.join(second);
  const path = `/Conferences/${api.bench.conference.sid}/Participants/${caller}.json`;
  expect(api.post(path, { Muted: 'true', EndConferenceOnExit: 'true' })).toMatchObject({
    body: { muted: true, end_conference_on_exit: true, hold: false },
  });
  expect(api.post(path, { Hold: 'true', HoldUrl: 'https://parley.example/music' })).toMatchObject({
    body: { hold: true },
  });
  expect(api.bench.lastRequest).toMatchObject({ method: 'GET', url: 'https://parley.example/music' });
  expect(api.post(path, { Hold: 'false', Muted: 'false' })).toMatchObject({ body: { hold: false, muted: false } });
  expect(api.post(path, { Coaching: 'true', CallSidToCoach: second })).toMatchObject({
    body: { coaching: true, call_sid_to_coach: second },
  });
  expect(api.post(path, { Coaching: 'true', CallSidToCoach: 'CA' })).toMatchObject({ status: 400 });
  api.post(path, { AnnounceUrl: 'https://parley.example/brief' });
  expect(api.bench.lastRequest).toMatchObject({ method: 'POST', url: 'https://parley.example/brief' });
});

test('whoever is put out is no participant any more: a call goes on, and one that was made ends', () => {
  const api = new Api(answers);
  api.bench.join(caller);
  api.bench.join(second);
  const human1 = api.bench.call({ label: 'human' });
  api.bench.runFor(1000);
  const { sid } = api.bench.conference;
  expect(api.delete(`/Conferences/${sid}/Participants/${caller}.json`)).toEqual({ status: 204, body: null });
  expect(api.bench.all('call.released')).toEqual([{ type: 'call.released', callSid: caller, bridged: true }]);
  expect(api.get(`/Conferences/${sid}/Participants/${caller}.json`)).toMatchObject({
    status: 404,
    body: { code: 20404 },
  });
  api.delete(`/Conferences/${sid}/Participants/human.json`);
  expect(api.get(`/Calls/${human1}.json`)).toMatchObject({
    body: { status: 'completed', to: human, direction: 'outbound-api' },
  });
});

test('whoever still rings is called off, by the participant or by the call, and cannot be changed', () => {
  const api = new Api(answers);
  api.bench.join(caller);
  const ringing = api.bench.call();
  const path = `/Conferences/${api.bench.conference.sid}/Participants/${ringing}.json`;
  expect(api.post(path, { Muted: 'true' })).toMatchObject({ status: 404, body: { code: 20404 } });
  expect(api.post(`/Calls/${ringing}.json`, { Status: 'completed' })).toMatchObject({ status: 200 });
  expect(api.bench.bridge.legs).toMatchObject([{ status: 'canceled' }]);
  expect(api.get(path)).toMatchObject({ status: 404 });
});

test('whoever still rings is put out of the conference before coming in', () => {
  const api = new Api(answers);
  api.bench.join(caller);
  const ringing = api.bench.call();
  const path = `/Conferences/${api.bench.conference.sid}/Participants/${ringing}.json`;
  expect(api.delete(path)).toEqual({ status: 204, body: null });
  api.bench.runFor(5000);
  expect(api.bench.bridge.legs).toMatchObject([{ status: 'canceled' }]);
  expect(api.bench.conference.participants).toHaveLength(1);
});

test('a conference is ended for all, and then only known by its end', () => {
  const api = new Api(answers);
  api.bench.join(caller);
  api.bench.join(second);
  const { sid } = api.bench.conference;
  expect(api.post(`/Conferences/${sid}.json`, { Status: 'init' })).toMatchObject({
    status: 400,
    body: { code: 20001 },
  });
  expect(api.post(`/Conferences/${sid}.json`, { Status: 'completed' })).toMatchObject({
    status: 200,
    body: { status: 'completed', reason_conference_ended: 'conference-ended-via-api' },
  });
  expect(api.bench.all('call.released').map(({ callSid }) => callSid)).toEqual([caller, second]);
  expect(api.get(`/Conferences/${sid}/Participants.json`)).toMatchObject({ status: 404 });
  expect(api.post(`/Conferences/${sid}.json`, { Status: 'completed' })).toMatchObject({ status: 400 });
});

/** The REST API of an account with one live call, one that is over, and conferences. */
class Api {
  readonly bench: ConferenceBench;
  readonly updates: RestUpdate[] = [];

  constructor(dialOutcomes: DialOutcomes = {}) {
    this.bench = new ConferenceBench(dialOutcomes);
  }

  get(pathAndQuery: string) {
    const [path = '', query = ''] = pathAndQuery.split('?');
    return this.#answer('GET', path, new URLSearchParams(query));
  }

  post(path: string, form: Readonly<Record<string, string>>) {
    return this.#answer('POST', path, new URLSearchParams(form));
  }

  delete(path: string) {
    return this.#answer('DELETE', path, new URLSearchParams());
  }

  #answer(method: string, path: string, form: URLSearchParams) {
    return answerRest(
      { method, path: `/2010-04-01/Accounts/${accountSid}${path}`, form },
      {
        accountSid,
        callBySid: (sid) =>
          sid === caller ? this.#call('in-progress') : sid === second ? this.#call('completed') : undefined,
        callSids: () => [caller, second],
        ownedNumbers: [ours],
        conferences: {
          bridge: this.bench.bridge,
          order: (order) => this.bench.order(order),
          nextRandom: this.bench.nextRandom,
          zeroUnixMs,
        },
      },
    );
  }

  #call(status: RestCall['status']): RestCall {
    return { status, from: '+15005550006', to: ours, update: (update) => void this.updates.push(update) };
  }
}
