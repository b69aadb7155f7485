import type { HttpMethod } from '../http-method.ts';
import type { Conference } from '../conference/conference.ts';
import type { RestAccount, RestConferences } from './rest-account.ts';
import type { RestAnswer, RestRequest } from './rest-answer.ts';
import { restFailure, notFound, page } from './rest-answer.ts';
import { twilioDate } from '../twilio-date.ts';

/** The list of conferences, by `Status` and `FriendlyName` (TW-CONF-3). */
export function answerConferences(
  { method, path, form }: RestRequest,
  account: RestAccount,
  conferences: RestConferences,
): RestAnswer {
  if (method !== 'GET') return notFound(path);
  const { bridge } = conferences;
  const listed = bridge.conferences.filter(({ status, name }) => {
    const hasStatus = !form.has('Status') || form.get('Status') === status;
    return hasStatus && (!form.has('FriendlyName') || form.get('FriendlyName') === name);
  });
  return page(
    'conferences',
    path,
    listed.map((conference) => resource(account, conferences, conference)),
  );
}

/** One conference by its SID: fetched, ended, or spoken to (TW-CONF-3). */
export function answerConference(
  { method, path, form }: RestRequest,
  account: RestAccount,
  conferences: RestConferences,
  conferenceSid: string,
): RestAnswer {
  const conference = conferences.bridge.conferences.find(({ sid }) => sid === conferenceSid);
  if (conference === undefined || (method !== 'GET' && method !== 'POST')) return notFound(path);
  if (method === 'POST') {
    const status = form.get('Status');
    if (status !== null && status !== 'completed') return restFailure(400, 20001, `Status ${status} cannot be set`);
    if (conference.status === 'completed') return restFailure(400, 20001, 'The conference is over');
    const announcement = readCallback(form, 'AnnounceUrl', 'AnnounceMethod', 'POST');
    if (announcement === 'wrong') return restFailure(400, 21205, 'AnnounceUrl is not valid');
    if (announcement !== null) conferences.order({ type: 'announce', conferenceSid, callSid: null, ...announcement });
    if (status === 'completed') conferences.order({ type: 'complete', conferenceSid });
  }
  return { status: 200, body: resource(account, conferences, conference) };
}

/** A URL among the fields, with its method; null where there is none. */
export function readCallback(
  form: URLSearchParams,
  urlName: string,
  methodName: string,
  usualMethod: HttpMethod,
): { readonly url: string; readonly method: HttpMethod } | 'wrong' | null {
  const url = form.get(urlName);
  const method = form.get(methodName) ?? usualMethod;
  if (url === null || url === '') return null;
  const isUrl = /^https?:$/.test(URL.parse(url)?.protocol ?? '');
  return isUrl && (method === 'GET' || method === 'POST') ? { url, method } : 'wrong';
}

function resource({ accountSid }: RestAccount, { zeroUnixMs }: RestConferences, conference: Conference): object {
  const { sid, name, status, ending, createdAtMs } = conference;
  const uri = `/2010-04-01/Accounts/${accountSid}/Conferences/${sid}`;
  return {
    sid,
    account_sid: accountSid,
    api_version: '2010-04-01',
    friendly_name: name,
    status,
    region: 'us1',
    reason_conference_ended: ending?.reason ?? null,
    call_sid_ending_conference: ending?.callSid ?? null,
    date_created: twilioDate(zeroUnixMs + createdAtMs),
    subresource_uris: { participants: `${uri}/Participants.json` },
    uri: `${uri}.json`,
  };
}
