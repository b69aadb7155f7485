import { answerAccount } from './account-resource.ts';
import { answerCall, answerCalls } from './call-resource.ts';
import { answerConference, answerConferences } from './conference-resource.ts';
import { answerNumber, answerNumbers } from './number-resource.ts';
import { answerParticipant, answerParticipants } from './participant-resource.ts';
import type { RestAccount } from './rest-account.ts';
import type { RestAnswer, RestRequest } from './rest-answer.ts';
import { notFound } from './rest-answer.ts';

const accountPath = /^\/2010-04-01\/Accounts\/(?<accountSid>AC[0-9a-f]{32})(?:\/(?<rest>.+))?\.json$/;

/**
 * Answers a request of an account's REST API, whose sender has been let in: the account, its numbers, calls, conferences and participants,
 * with Twilio's errors (TW-REST-1, TW-REST-2, TW-REST-4, TW-REST-5, TW-REST-6, TW-CONF-3). Orders are carried out before the answer stands.
 */
export function answerRest(request: RestRequest, account: RestAccount): RestAnswer {
  const { accountSid, rest = '' } = accountPath.exec(request.path)?.groups ?? {};
  const [collection, sid, subCollection, subSid, ...more] = rest.split('/').map(decodeURIComponent);
  if (accountSid !== account.accountSid || more.length > 0) return notFound(request.path);
  if (rest === '') return answerAccount(request, account);
  if (collection === 'IncomingPhoneNumbers' && subCollection === undefined) {
    return sid === undefined ? answerNumbers(request, account) : answerNumber(request, account, sid);
  }
  if (collection === 'Calls' && subCollection === undefined) {
    return sid === undefined ? answerCalls(request, account) : answerCall(request, account, sid);
  }
  const { conferences } = account;
  if (collection !== 'Conferences' || conferences === undefined) return notFound(request.path);
  if (sid === undefined) return answerConferences(request, account, conferences);
  if (subCollection === undefined) return answerConference(request, account, conferences, sid);
  if (subCollection !== 'Participants') return notFound(request.path);
  return subSid === undefined
    ? answerParticipants(request, account, conferences, sid)
    : answerParticipant(request, account, conferences, sid, subSid);
}
