import type { Conference, Participant, ParticipantChange } from '../conference/conference.ts';
import type { OutboundLeg, OutboundOrder } from '../conference/outbound-leg.ts';
import { e164 } from '../verbs/dialling.ts';
import { randomSid } from '../../seeded-random.ts';
import { readCallback } from './conference-resource.ts';
import type { RestAccount, RestConferences } from './rest-account.ts';
import type { RestAnswer, RestRequest } from './rest-answer.ts';
import { restFailure, notFound, page, truthOf } from './rest-answer.ts';
import { twilioDate } from '../twilio-date.ts';

/** Twilio's limits for how long somebody rings, in s. */
const timeoutSeconds = { min: 5, max: 600, usual: 60 };
const timeLimitMs = 4 * 3_600_000;
const labelCharactersMax = 128;
const participantsMax = 250;

type Refusal = ReturnType<typeof restFailure>;

/** Somebody who is in a conference, or is being called into it. */
type Seated =
  | { readonly state: 'connected'; readonly participant: Participant }
  | { readonly state: 'ringing'; readonly leg: OutboundLeg };

/** The participants of a conference: listed, or called into it by its SID or name (TW-CONF-3). */
export function answerParticipants(
  request: RestRequest,
  account: RestAccount,
  conferences: RestConferences,
  sidOrName: string,
): RestAnswer {
  const { method, path, form } = request;
  const conference = conferences.bridge.find(sidOrName);
  const isSid = /^CF[0-9a-f]{32}$/.test(sidOrName);
  if (isSid && (conference === null || conference.status === 'completed')) return notFound(path);
  if (method === 'POST') return call(form, account, conferences, conference?.name ?? sidOrName);
  if (method !== 'GET' || conference === null) return notFound(path);
  const wanted = (['Muted', 'Hold'] as const).map((name) => truthOf(form, name));
  const seated = seatedIn(conferences, conference).filter((one) => {
    const { isMuted, isOnHold } = stateOf(one);
    return [isMuted, isOnHold].every((is, index) => (wanted[index] ?? is) === is);
  });
  return page(
    'participants',
    path,
    seated.map((one) => resource(account, conferences, conference, one)),
  );
}

/** One participant by the SID of its call or its label: fetched, changed, or put out (TW-CONF-3). */
export function answerParticipant(
  { method, path, form }: RestRequest,
  account: RestAccount,
  conferences: RestConferences,
  conferenceSid: string,
  callSidOrLabel: string,
): RestAnswer {
  const conference = conferences.bridge.conferences.find(({ sid }) => sid === conferenceSid);
  if (conference === undefined || conference.status === 'completed') return notFound(path);
  const find = (): Seated | undefined =>
    seatedIn(conferences, conference).find((one) => {
      const { callSid, label } = stateOf(one);
      return callSid === callSidOrLabel || label === callSidOrLabel;
    });
  const one = find();
  if (one === undefined) return notFound(path);
  const { callSid } = stateOf(one);
  if (method === 'DELETE') {
    conferences.order({ type: 'remove', conferenceSid, callSid });
    return { status: 204, body: null };
  }
  if (method === 'POST') {
    const refusal = change(form, conferences, conference, callSid);
    if (refusal !== null) return refusal;
  }
  if (method !== 'POST' && method !== 'GET') return notFound(path);
  return { status: 200, body: resource(account, conferences, conference, find() ?? one) };
}

function call(form: URLSearchParams, account: RestAccount, conferences: RestConferences, name: string): RestAnswer {
  const read = readOrder(form, account, conferences);
  if ('status' in read) return read;
  const taken = read.seat.label === null ? null : (conferences.bridge.find(name)?.find(read.seat.label) ?? null);
  if (taken !== null) return restFailure(400, 16025, `The label ${read.seat.label ?? ''} is taken`);
  conferences.order({ type: 'call', conference: name, leg: read });
  const conference = conferences.bridge.find(name);
  const leg = conferences.bridge.legs.find(({ order }) => order.callSid === read.callSid);
  if (conference === null || leg === undefined) return restFailure(500, 20500, 'The call was not made');
  return { status: 201, body: resource(account, conferences, conference, { state: 'ringing', leg }) };
}

function readOrder(form: URLSearchParams, account: RestAccount, conferences: RestConferences): OutboundOrder | Refusal {
  const from = form.get('From') ?? '';
  const to = form.get('To') ?? '';
  const label = form.get('Label');
  const seconds = Number(form.get('Timeout') ?? timeoutSeconds.usual);
  if (to === '') return restFailure(400, 21201, "No 'To' number specified");
  if (from === '') return restFailure(400, 21213, "No 'From' number specified");
  if (!e164.test(to) && !to.startsWith('sip:')) return restFailure(400, 21211, `The 'To' number ${to} is not valid`);
  if (account.ownedNumbers !== undefined && !account.ownedNumbers.includes(from)) {
    return restFailure(400, 21210, `The 'From' number ${from} is not owned or verified`);
  }
  if (!Number.isInteger(seconds) || seconds < timeoutSeconds.min || seconds > timeoutSeconds.max) {
    return restFailure(400, 20001, 'Timeout is not within 5 to 600');
  }
  if ((label?.length ?? 0) > labelCharactersMax) return restFailure(400, 20001, 'Label is too long');
  const callback = readCallback(form, 'StatusCallback', 'StatusCallbackMethod', 'POST');
  const wait = readCallback(form, 'WaitUrl', 'WaitMethod', 'POST');
  const conferenceCallback = readCallback(form, 'ConferenceStatusCallback', 'ConferenceStatusCallbackMethod', 'POST');
  if (callback === 'wrong' || wait === 'wrong' || conferenceCallback === 'wrong') {
    return restFailure(400, 21205, 'A URL is not valid');
  }
  return {
    callSid: randomSid('CA', conferences.nextRandom),
    from,
    to,
    timeoutMs: seconds * 1000,
    timeLimitMs,
    statusCallback: callback && { ...callback, events: wordsOf(form, 'StatusCallbackEvent', 'completed') },
    seat: {
      label,
      isMuted: truthOf(form, 'Muted') ?? false,
      startsOnEnter: truthOf(form, 'StartConferenceOnEnter') ?? true,
      endsOnExit: truthOf(form, 'EndConferenceOnExit') ?? false,
      participantsMax: Number(form.get('MaxParticipants') ?? participantsMax),
      wait,
      statusCallback: conferenceCallback && {
        ...conferenceCallback,
        events: wordsOf(form, 'ConferenceStatusCallbackEvent', ''),
      },
    },
  };
}

function change(
  form: URLSearchParams,
  conferences: RestConferences,
  conference: Conference,
  callSid: string,
): Refusal | null {
  // Whoever still rings is not in the conference yet, and has nothing that could be changed.
  if (conference.find(callSid) === null) return restFailure(404, 20404, 'The participant is not connected');
  const announcement = readCallback(form, 'AnnounceUrl', 'AnnounceMethod', 'POST');
  const hold = readCallback(form, 'HoldUrl', 'HoldMethod', 'GET');
  if (announcement === 'wrong' || hold === 'wrong') return restFailure(400, 21205, 'A URL is not valid');
  const [isMuted, isOnHold, endsOnExit] = ['Muted', 'Hold', 'EndConferenceOnExit'].map((name) => truthOf(form, name));
  const coaching = truthOf(form, 'Coaching') ?? form.has('CallSidToCoach');
  const coached = form.get('CallSidToCoach');
  if (coaching && (coached === null || conference.find(coached) === null)) {
    return restFailure(400, 20001, 'CallSidToCoach names nobody in the conference');
  }
  const ordered: ParticipantChange = {
    ...(typeof isMuted === 'boolean' && { isMuted }),
    ...(typeof isOnHold === 'boolean' && { isOnHold }),
    ...(typeof endsOnExit === 'boolean' && { endsOnExit }),
    ...((form.has('Coaching') || form.has('CallSidToCoach')) && { coaches: coaching ? coached : null }),
  };
  const { sid: conferenceSid } = conference;
  conferences.order({ type: 'change', conferenceSid, callSid, change: ordered, hold: isOnHold === true ? hold : null });
  if (announcement !== null) conferences.order({ type: 'announce', conferenceSid, callSid, ...announcement });
  return null;
}

function seatedIn({ bridge }: RestConferences, conference: Conference): Seated[] {
  const connected = conference.participants.map((participant) => ({ state: 'connected', participant }) as const);
  const ringing = bridge.legs
    .filter(({ conferenceSid, status }) => conferenceSid === conference.sid && status === 'ringing')
    .map((leg) => ({ state: 'ringing', leg }) as const);
  return [...connected, ...ringing];
}

function stateOf(one: Seated): Participant {
  if (one.state === 'connected') return one.participant;
  const { order, startedAtMs } = one.leg;
  const { label, isMuted, startsOnEnter, endsOnExit } = order.seat;
  const { callSid } = order;
  return {
    callSid,
    label,
    isMuted,
    startsOnEnter,
    endsOnExit,
    isOnHold: false,
    coaches: null,
    joinedAtMs: startedAtMs,
  };
}

function resource(
  { accountSid }: RestAccount,
  { zeroUnixMs }: RestConferences,
  conference: Conference,
  one: Seated,
): object {
  const { callSid, label, isMuted, isOnHold, coaches, endsOnExit, startsOnEnter, joinedAtMs } = stateOf(one);
  return {
    account_sid: accountSid,
    call_sid: callSid,
    label,
    conference_sid: conference.sid,
    status: one.state,
    muted: isMuted,
    hold: isOnHold,
    coaching: coaches !== null,
    call_sid_to_coach: coaches,
    end_conference_on_exit: endsOnExit,
    start_conference_on_enter: startsOnEnter,
    date_created: twilioDate(zeroUnixMs + joinedAtMs),
    uri: `/2010-04-01/Accounts/${accountSid}/Conferences/${conference.sid}/Participants/${callSid}.json`,
  };
}

/** Repeated fields, or one with words apart by spaces: the client writes either. */
function wordsOf(form: URLSearchParams, name: string, otherwise: string): ReadonlySet<string> {
  const given = form.getAll(name);
  const words = (given.length === 0 ? [otherwise] : given).flatMap((text) => text.split(' '));
  return new Set(words.filter((word) => word !== ''));
}
