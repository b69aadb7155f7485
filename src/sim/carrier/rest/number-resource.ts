import type { RestAccount, RestNumber } from './rest-account.ts';
import type { RestAnswer, RestRequest } from './rest-answer.ts';
import { notFound, page, restFailure } from './rest-answer.ts';

/** Fields of an update that hold an address, and those that hold the method with which it is requested (TW-REST-5). */
const addresses = {
  VoiceUrl: 'voiceUrl',
  VoiceFallbackUrl: 'voiceFallbackUrl',
  StatusCallback: 'statusCallback',
} as const;
const methods = {
  VoiceMethod: 'voiceMethod',
  VoiceFallbackMethod: 'voiceFallbackMethod',
  StatusCallbackMethod: 'statusCallbackMethod',
} as const;
const sids = { VoiceApplicationSid: 'voiceApplicationSid', TrunkSid: 'trunkSid' } as const;

/** The numbers of an account, by `PhoneNumber` and `FriendlyName` (TW-REST-5). None is bought here. */
export function answerNumbers({ method, path, form }: RestRequest, account: RestAccount): RestAnswer {
  if (method !== 'GET') return notFound(path);
  const listed = (account.numbers ?? []).filter((number) => {
    const digits = form.get('PhoneNumber')?.replaceAll(/[^\d+]/g, '');
    const name = form.get('FriendlyName');
    return number.phoneNumber.includes(digits ?? '') && (name === null || name === number.friendlyName);
  });
  return page(
    'incoming_phone_numbers',
    path,
    listed.map((number) => resource(account, number)),
  );
}

/** One number: fetched, or updated field by field (TW-REST-5). */
export function answerNumber({ method, path, form }: RestRequest, account: RestAccount, sid: string): RestAnswer {
  const number = account.numbers?.find((one) => one.sid === sid);
  if (number === undefined || (method !== 'GET' && method !== 'POST')) return notFound(path);
  if (method === 'POST') {
    const refusal = change(form, number);
    if (refusal !== null) return refusal;
  }
  return { status: 200, body: resource(account, number) };
}

/** Carries an update out, or nothing of it when one field is wrong. */
function change(form: URLSearchParams, number: RestNumber): RestAnswer | null {
  const given = <Name extends string>(names: Readonly<Record<string, Name>>): [Name, string, string][] =>
    Object.entries(names).flatMap(([field, name]) => {
      const value = form.get(field);
      return value === null ? [] : [[name, value, field]];
    });
  for (const [, url, field] of given(addresses)) {
    if (url !== '' && !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      return restFailure(400, 21402, `${field} is not valid`);
  }
  for (const [, method, field] of given(methods)) {
    if (method !== 'GET' && method !== 'POST') return restFailure(400, 21403, `${field} is not valid`);
  }
  for (const [name, url] of given(addresses)) number[name] = url;
  for (const [name, method] of given(methods)) number[name] = method === 'GET' ? 'GET' : 'POST';
  for (const [name, sid] of given(sids)) number[name] = sid === '' ? null : sid;
  number.friendlyName = form.get('FriendlyName') ?? number.friendlyName;
  return null;
}

function resource({ accountSid }: RestAccount, number: RestNumber): object {
  return {
    sid: number.sid,
    account_sid: accountSid,
    api_version: '2010-04-01',
    phone_number: number.phoneNumber,
    friendly_name: number.friendlyName,
    capabilities: { voice: number.takesCalls, sms: true, mms: false, fax: false },
    status: 'in-use',
    voice_receive_mode: 'voice',
    voice_url: number.voiceUrl,
    voice_method: number.voiceMethod,
    voice_fallback_url: number.voiceFallbackUrl,
    voice_fallback_method: number.voiceFallbackMethod,
    voice_caller_id_lookup: false,
    voice_application_sid: number.voiceApplicationSid,
    trunk_sid: number.trunkSid,
    status_callback: number.statusCallback,
    status_callback_method: number.statusCallbackMethod,
    uri: `/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers/${number.sid}.json`,
  };
}
