import type { RestAccount } from './rest-account.ts';
import type { RestAnswer, RestRequest } from './rest-answer.ts';
import { notFound } from './rest-answer.ts';

/** The account itself: its state and whether it is a trial (TW-REST-6). It is not changed here. */
export function answerAccount({ method, path }: RestRequest, account: RestAccount): RestAnswer {
  if (method !== 'GET') return notFound(path);
  const { accountSid, status = 'active', type = 'Full', primaryToken = '' } = account;
  const uri = `/2010-04-01/Accounts/${accountSid}.json`;
  const body = {
    sid: accountSid,
    owner_account_sid: accountSid,
    friendly_name: 'Simulated account',
    status,
    type,
    uri,
  };
  return { status: 200, body: { ...body, auth_token: primaryToken } };
}
