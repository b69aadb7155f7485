import { createHash } from 'node:crypto';
import { callForm } from '../twilio-client.ts';
import { publicUrl } from '../../e2e/service-scene.ts';
import {
  type Fields,
  formText,
  secondarySecret,
  secondaryToken,
  sign,
  upgrade,
  webhook,
  webhookSecret,
  type WireRequest,
  withSharedKey,
} from './wire-request.ts';

const form: Fields = Object.entries(callForm());
const voice = `${publicUrl}/twilio/voice`;
const json = '{"CallSid":"CA1"}';
const jsonTarget = `/twilio/voice?bodySHA256=${createHash('sha256').update(json).digest('hex')}`;

/** A webhook that Twilio signs, in a form that it is known or documented to use, and how it is answered. */
interface TrueRequest {
  readonly why: string;
  readonly request: WireRequest;
  readonly status: number;
}

/** Webhooks and upgrades that are Twilio's own (TW-SIGN-1, TW-SIGN-2). Each is signed without Twilio's package. */
export const trueRequests: readonly TrueRequest[] = [
  accepted('as usual', webhook('/twilio/voice', form)),
  accepted('signed with the port of https', webhook('/twilio/voice', form, `${publicUrl}:443/twilio/voice`)),
  accepted('with a query', webhook('/twilio/voice?tenant=7', form)),
  accepted('with a query and the port', webhook('/twilio/voice?a=1', form, `${publicUrl}:443/twilio/voice?a=1`)),
  accepted('with a query of nothing', webhook('/twilio/voice?', form)),
  accepted('with a query in percent signs', webhook('/twilio/voice?who=%C3%BC%20%2B%26', form)),
  accepted('with a query that a URL parser writes otherwise', webhook("/twilio/voice?who=o'neill|x", form)),
  accepted('with a name twice in the query', webhook('/twilio/voice?a=1&a=2', form)),
  accepted('with a quote that was signed escaped', webhook("/twilio/voice?who='", form, `${voice}?who=%27`)),
  accepted('at the address of an instance', webhook('/i/voice-2/twilio/voice', form)),
  accepted('at the address of an instance, with a query', webhook('/i/a/twilio/voice?sent=1', form)),
  accepted('with the slash with which the number was configured', webhook('/twilio/voice/', form)),
  accepted('with the letters with which the number was configured', webhook('/Twilio/Voice', form)),
  accepted('through a proxy that says http', proxied({ 'X-Forwarded-Proto': 'http' })),
  accepted('through a proxy that calls by another name', proxied({ Host: '10.0.0.7:8080' })),
  accepted('through a proxy that tells the first name', proxied({ 'X-Forwarded-Host': 'elsewhere.example' })),
  accepted('repeated after a failure', proxied({ 'I-Twilio-Idempotency-Token': '7f1d' })),
  accepted('with the type in capitals', proxied({ 'Content-Type': 'APPLICATION/X-WWW-FORM-URLENCODED' })),
  accepted('in chunks', chunked(webhook('/twilio/voice', form))),
  accepted('with an empty field', webhook('/twilio/voice', [...form, ['CallerName', '']])),
  accepted('with spaces around a value', webhook('/twilio/voice', [...form, ['CallerName', '  Ann ']])),
  accepted('with a line break in a value', webhook('/twilio/voice', [...form, ['CallerName', 'Ann\r\nB']])),
  accepted('with signs of forms in a value', webhook('/twilio/voice', [...form, ['CallerName', 'a&b=c;d+e%20f']])),
  accepted('with letters of the world', webhook('/twilio/voice', [...form, ['CallerCity', 'Zürich 東京 🦜']])),
  accepted('with a letter in two ways', webhook('/twilio/voice', [...form, ['CallerCity', 'e\u0301\u00e9']])),
  accepted('with a field twice', webhook('/twilio/voice', [...form, ['Extra', 'b'], ['Extra', 'a']])),
  accepted('with a field twice alike', webhook('/twilio/voice', [...form, ['Extra', 'a'], ['Extra', 'a']])),
  accepted('with fields that differ by capitals', webhook('/twilio/voice', [...form, ['extra', '1'], ['Extra', '2']])),
  accepted('with the fields in another order', webhook('/twilio/voice', form.toReversed())),
  accepted('with a SIP header', webhook('/twilio/voice', [...form, ['SipHeader_X-Parley.id~1', 'x']])),
  accepted('with a field named as all objects have one', webhook('/twilio/voice', [...form, ['constructor', 'x']])),
  accepted('with many fields', webhook('/twilio/voice', [...form, ...numbered(100)])),
  accepted('with a long field', webhook('/twilio/voice', [...form, ['Blob', 'x'.repeat(50_000)]])),
  accepted('of a stream', webhook('/twilio/stream-ended?stream=1', form)),
  accepted('of a stream, without its number', webhook('/twilio/stream-ended', form)),
  accepted('of a transfer', webhook('/twilio/dial-ended', [...form, ['DialCallStatus', 'busy']])),
  accepted('of a message', webhook('/twilio/voicemail-ended', [...form, ['RecordingDuration', '3']])),
  { why: 'of a state', request: webhook('/twilio/status', form), status: 204 },
  {
    why: 'of the state of a stream',
    request: webhook('/twilio/stream-status', [...form, ['StreamSid', 'MZ1'], ['StreamEvent', 'stream-started']]),
    status: 204,
  },
  {
    why: 'of a recording',
    request: webhook('/twilio/recording', [...form, ['RecordingSid', 'RE1'], ['RecordingStatus', 'in-progress']]),
    status: 204,
  },
  // The signature fits: what is missing is the form, which no voice webhook sends as JSON.
  {
    why: 'with JSON, whose hash is in the query',
    request: {
      ...webhook(jsonTarget, []),
      headers: { Host: 'parley.example', 'Content-Type': 'application/json' },
      body: json,
    },
    status: 400,
  },
  { why: 'with a form of nothing', request: webhook('/twilio/voice', []), status: 400 },
  accepted('of a number that is set to GET', asGet(webhook(`/twilio/voice?${formText(form)}`, []))),
  {
    why: 'of a number that is set to GET, with a form of nothing',
    request: asGet(webhook('/twilio/voice?CallSid=CA1', [])),
    status: 400,
  },
  // The signature fits as well: what is asked in mid-call is written by Parley, which wants POST.
  { why: 'by GET in mid-call', request: asGet(webhook('/twilio/stream-ended?stream=1', [])), status: 404 },
  accepted('signed with a shared key', withSharedKey(webhook('/twilio/voice', form))),
  accepted('signed with the other shared key', withSharedKey(webhook('/twilio/voice', form), secondarySecret)),
  accepted(
    'signed with a shared key and the older hash',
    withSharedKey(webhook('/twilio/voice', form), webhookSecret, { hash: 'sha1', algorithm: 'HMAC_SHA1' }),
  ),
  accepted(
    'signed with a shared key, of a number that is set to GET',
    withSharedKey(asGet(webhook(`/twilio/voice?${formText(form)}`, []))),
  ),
  accepted('signed with the other auth token', {
    ...webhook('/twilio/voice', form),
    signatures: [sign(voice, form, secondaryToken)],
  }),
  ...upgrades(),
];

function accepted(why: string, request: WireRequest): TrueRequest {
  return { why, request, status: 200 };
}

function asGet(request: WireRequest): WireRequest {
  return { ...request, method: 'GET' };
}

function proxied(headers: Readonly<Record<string, string>>): WireRequest {
  const request = webhook('/twilio/voice', form);
  return { ...request, headers: { ...request.headers, ...headers } };
}

function chunked(request: WireRequest): WireRequest {
  const halves = [request.body.slice(0, 40), request.body.slice(40), ''];
  const body = halves.map((half) => `${half.length.toString(16)}\r\n${half}\r\n`).join('');
  return { ...request, headers: { ...request.headers, 'Transfer-Encoding': 'chunked' }, body };
}

function numbered(count: number): Fields {
  return Array.from({ length: count }, (_, at) => [`Field${at}`, `${at}`] as const);
}

function upgrades(): TrueRequest[] {
  const address = 'wss://parley.example';
  const usual = upgrade(`${address}/twilio/media`);
  const requests: readonly (readonly [why: string, request: WireRequest])[] = [
    ['an upgrade', usual],
    ['an upgrade with a slash in what is signed', upgrade(`${address}/twilio/media/`)],
    ['an upgrade with the port in what is signed', upgrade(`${address}:443/twilio/media`)],
    ['an upgrade at the address with a slash', upgrade(`${address}/twilio/media`, '/twilio/media/')],
    ['an upgrade at the address of an instance', upgrade(`${address}/i/a/twilio/media`, '/i/a/twilio/media')],
    ['an upgrade signed with a shared key', withSharedKey(usual)],
    [
      'an upgrade signed with the other auth token',
      { ...usual, signatures: [sign(`${address}/twilio/media`, [], secondaryToken)] },
    ],
    ['an upgrade through a proxy', { ...usual, headers: { ...usual.headers, Host: '10.0.0.7:8080' } }],
    ['an upgrade that would be packed', { ...usual, headers: { ...usual.headers, 'Accept-Encoding': 'gzip' } }],
    [
      'an upgrade whose header is written small',
      {
        ...usual,
        signatures: [],
        headers: { ...usual.headers, 'x-twilio-signature': sign(`${address}/twilio/media`) },
      },
    ],
  ];
  return requests.map(([why, request]) => ({ why, request, status: 101 }));
}
