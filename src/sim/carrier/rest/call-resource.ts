import type { CallStatus, RestUpdate } from '../carrier-events.ts';
import type { RestAccount, RestCall } from './rest-account.ts';
import type { RestAnswer, RestRequest } from './rest-answer.ts';
import { restFailure, notFound, page } from './rest-answer.ts';

/** The list of calls, by `Status`, `To` and `From` (TW-REST-4). Calls are not made here. */
export function answerCalls({ method, path, form }: RestRequest, account: RestAccount): RestAnswer {
  if (method !== 'GET') return notFound(path);
  const calls = (account.callSids?.() ?? []).flatMap((callSid) => {
    const call = find(account, callSid);
    return call !== undefined && fits(call, form) ? [resource(account, callSid, call)] : [];
  });
  return page('calls', path, calls);
}

/** One call: fetched, or updated (TW-REST-1, TW-REST-4). */
export function answerCall({ method, path, form }: RestRequest, account: RestAccount, callSid: string): RestAnswer {
  const call = find(account, callSid);
  if (call === undefined) return notFound(path);
  if (method === 'GET') return { status: 200, body: resource(account, callSid, call) };
  if (method !== 'POST') return notFound(path);
  const update = readUpdate(form);
  if ('code' in update) return restFailure(400, update.code, update.message);
  const isLive = update.type === 'completed' && call.status === 'ringing';
  if (call.status !== 'in-progress' && !isLive)
    return restFailure(400, 21220, 'Call is not in-progress. Cannot redirect.');
  // The answer describes the call as it is when the order arrives.
  const body = resource(account, callSid, call, update.type === 'completed' ? 'completed' : call.status);
  call.update(update);
  return { status: 200, body };
}

/** A call of the account, or one that it has made into a conference, which only `completed` reaches: it has no document. */
function find({ callBySid, conferences }: RestAccount, callSid: string): RestCall | undefined {
  const leg = conferences?.bridge.legs.find(({ order }) => order.callSid === callSid);
  if (leg === undefined) return callBySid(callSid);
  const { from, to } = leg.order;
  return {
    status: leg.status,
    from,
    to,
    direction: 'outbound-api',
    update: () => conferences?.order({ type: 'hangUp', callSid }),
  };
}

function fits({ status, from, to }: RestCall, form: URLSearchParams): boolean {
  const wanted = [
    ['Status', status],
    ['From', from],
    ['To', to],
  ] as const;
  return wanted.every(([name, value]) => !form.has(name) || form.get(name) === value);
}

function resource(
  { accountSid }: RestAccount,
  callSid: string,
  { status, from, to, direction = 'inbound' }: RestCall,
  statusAfter: CallStatus = status,
): object {
  const uri = `/2010-04-01/Accounts/${accountSid}/Calls/${callSid}.json`;
  const ofCall = { sid: callSid, account_sid: accountSid, api_version: '2010-04-01', status: statusAfter };
  return { ...ofCall, from: from ?? null, to: to ?? null, direction, parent_call_sid: null, uri };
}

function readUpdate(form: URLSearchParams): RestUpdate | { readonly code: number; readonly message: string } {
  const given = ['Twiml', 'Url', 'Status'].filter((name) => form.has(name));
  const value = form.get(given[0] ?? '') ?? '';
  const method = form.get('Method') ?? 'POST';
  if (given.length !== 1) return { code: 20001, message: 'Give one of Twiml, Url and Status' };
  if (given[0] === 'Twiml') return { type: 'twiml', twiml: value };
  if (given[0] === 'Status') {
    return value === 'completed' ? { type: 'completed' } : { code: 20001, message: `Status ${value} is not simulated` };
  }
  if (!/^https?:$/.test(URL.parse(value)?.protocol ?? '')) return { code: 21205, message: 'Url is not valid' };
  if (method !== 'GET' && method !== 'POST') return { code: 21209, message: 'Method is not valid' };
  return { type: 'url', url: value, method };
}
