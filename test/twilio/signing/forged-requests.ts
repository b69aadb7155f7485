import { authToken, publicUrl } from '../../e2e/service-scene.ts';
import { type Fields, fieldsOf, formText, sign, upgrade, type WireRequest, withSharedKey } from './wire-request.ts';

/** What is done to a request of Twilio, and why it must not pass. */
type Forgery = readonly [why: string, forge: (request: WireRequest) => WireRequest];

/** Forged signatures: of webhooks and upgrades alike. */
const forgedSignatures: readonly Forgery[] = [
  ['no signature', signed(() => [])],
  ['an empty signature', signed(() => [''])],
  ['a signature of spaces', signed(() => ['   '])],
  ['another text', signed(() => ['bm90IGEgc2lnbmF0dXJl'])],
  ['zeros of the right length', signed(() => [`${'A'.repeat(27)}=`])],
  ['the signature without its last letter', signed(([one]) => [one.slice(0, -1)])],
  ['the first half of the signature', signed(([one]) => [one.slice(0, 14)])],
  ['the signature and a letter more', signed(([one]) => [`${one}A`])],
  ['the signature twice in one header', signed(([one]) => [one + one])],
  ['the signature in a list', signed(([one]) => [`${one}, ${one}`])],
  ['the header twice', signed(([one]) => [one, one])],
  ['the header twice, first a wrong one', signed(([one]) => ['bm90IGEgc2lnbmF0dXJl', one])],
  ['small letters', signed(([one]) => [one.toLowerCase()])],
  ['capitals', signed(([one]) => [one.toUpperCase()])],
  ['one letter in the other case', signed(([one]) => [one.replace(/[a-z]/, (letter) => letter.toUpperCase())])],
  ['base64 without padding', signed(([one]) => [one.replace('=', '')])],
  ['base64 with more padding', signed(([one]) => [`${one}=`])],
  ['base64 of the URL alphabet, with signs of it', signed(([one]) => [`-_${one.slice(2)}`])],
  ['base64 in percent signs', signed(([one]) => [encodeURIComponent(one)])],
  ['hexadecimal digits', signed(([one]) => [Buffer.from(one, 'base64').toString('hex')])],
  ['the signature in quotes', signed(([one]) => [`"${one}"`])],
  ['a scheme before the signature', signed(([one]) => [`sha1=${one}`])],
  ['the signature backwards', signed(([one]) => [Array.from(one).toReversed().join('')])],
  ['letters that look alike', signed(([one]) => [one.replace(/[A-Za-z]/, 'а')])],
  ['letters of another width', signed(([one]) => [one.replace(/[A-Za-z]/, 'Ａ')])],
  ['a very long signature', signed(([one]) => [one.repeat(300)])],
  ['a name that all objects have', signed(() => ['__proto__'])],
  ['the signature in another header', renamed('X-Twilio-Signature-Old')],
  ['the signature in a header with a low line', renamed('X_Twilio_Signature')],
  [
    'the signature as a bearer',
    ({ signatures: [one = ''], ...rest }) =>
      withHeaders({ ...rest, signatures: [] }, { Authorization: `Bearer ${one}` }),
  ],
  ['the signature of another auth token', resigned((url, fields) => sign(url, fields, 'auth-token-0000000'))],
  ['the signature of no auth token', resigned((url, fields) => sign(url, fields, ''))],
  [
    'the signature of the auth token with a space',
    resigned((url, fields) => sign(url, fields, 'auth-token-9b1f27c4 ')),
  ],
  [
    'the signature of another host',
    resigned((url, fields) => sign(url.replace('parley.example', 'evil.example'), fields)),
  ],
  ['the signature of a host below', resigned((url, fields) => sign(url.replace('parley', 'x.parley'), fields))],
  ['the signature of the host with a dot', resigned((url, fields) => sign(url.replace('example', 'example.'), fields))],
  ['the signature of another port', resigned((url, fields) => sign(url.replace('example', 'example:8443'), fields))],
  ['the signature of http', resigned((url, fields) => sign(url.replace(/^\w+/, 'http'), fields))],
  ['the signature of the path alone', resigned((url, fields) => sign(new URL(url).pathname, fields))],
  [
    'the signature of another route',
    resigned((url, fields) => sign(url.replace(/twilio\/.*/, 'twilio/other'), fields)),
  ],
  ...sharedKeyForgeries(),
  ['the signature with a fragment', resigned((url, fields) => sign(`${url}#rc=5`, fields))],
];

/** What a stranger may write into the header that names a shared key: it never leads to an auth token (TW-SIGN-3). */
function sharedKeyForgeries(): Forgery[] {
  const sha1 = { hash: 'sha1', algorithm: 'HMAC_SHA1' };
  const settings = 'X-Twilio-Webhooks-Signature-Settings';
  return [
    ['the auth token as a shared key', (request) => withSharedKey(request, authToken)],
    ['the auth token as a shared key, with its own hash', (request) => withSharedKey(request, authToken, sha1)],
    ['the true signature, and the header of a shared key', (request) => withHeaders(request, { [settings]: 'key=x' })],
    ['the true signature, and an empty header', (request) => withHeaders(request, { [settings]: '' })],
    ['another shared key', (request) => withSharedKey(request, 'shared-key-000000')],
    ['an empty shared key', (request) => withSharedKey(request, '')],
    [
      'a shared key with the hash of another algorithm',
      (request) => withSharedKey(request, undefined, { hash: 'sha1' }),
    ],
    ['a shared key without its header', (request) => ({ ...request, signatures: withSharedKey(request).signatures })],
    ['an algorithm that Twilio has not', (request) => withSharedKey(request, undefined, { algorithm: 'HMAC_MD5' })],
    ['no algorithm', (request) => withSharedKey(request, undefined, { algorithm: '' })],
    [
      'an algorithm named as all objects have one',
      (request) => withSharedKey(request, undefined, { algorithm: '__proto__' }),
    ],
  ];
}

/** Webhooks that were forged out of one of Twilio's. */
export const forgedWebhooks: readonly Forgery[] = [
  ...forgedSignatures,
  ['the signature of an upgrade', resigned(() => sign('wss://parley.example/twilio/media'))],
  ['the signature of the address alone', resigned((url) => sign(url))],
  ['a field more', refilled((fields) => [...fields, ['Extra', '1']])],
  ['an empty field more', refilled((fields) => [...fields, ['Extra', '']])],
  ['a field less', refilled((fields) => fields.slice(1))],
  ['no field', refilled(() => [])],
  ['another caller', refilled((fields) => changed(fields, 'From', '+12025550166'))],
  ['another call', refilled((fields) => changed(fields, 'CallSid', `CA${'6'.repeat(32)}`))],
  ['a call that is over', refilled((fields) => changed(fields, 'CallStatus', 'completed'))],
  ['a space before a value', refilled((fields) => changed(fields, 'From', ' +12025550177'))],
  ['another plus', refilled((fields) => changed(fields, 'From', '＋12025550177'))],
  ['digits of another script', refilled((fields) => changed(fields, 'From', '+１5550177'))],
  ['capitals in a value', refilled((fields) => fields.map(([name, value]) => [name, value.toUpperCase()]))],
  ['capitals in the names', refilled((fields) => fields.map(([name, value]) => [name.toUpperCase(), value]))],
  ['two values for each other', refilled(swapped)],
  ['a field twice', refilled((fields) => [...fields, ['CallStatus', 'completed']])],
  ['a field twice, the second first', refilled((fields) => [['CallStatus', 'completed'], ...fields])],
  ['a field as a list', refilled((fields) => [...fields, ['CallStatus[]', 'completed']])],
  ['a field as a member', refilled((fields) => [...fields, ['CallStatus[0]', 'completed']])],
  ['a member of __proto__', refilled((fields) => [...fields, ['__proto__[CallStatus]', 'completed']])],
  ['a field named constructor', refilled((fields) => [...fields, ['constructor', 'x']])],
  ['a zero byte in a value', refilled((fields) => changed(fields, 'From', '+12025550177\0'))],
  ['a value cut in two by its sign', rewritten((body) => body.replace('CallStatus=', 'CallStatus=&X='))],
  ['a form with semicolons', rewritten((body) => body.replaceAll('&', ';'))],
  ['a plus that is a space', rewritten((body) => body.replace('%2B', '+'))],
  ['bytes that are no text', rewritten((body) => body.replace('%2B', '%FF'))],
  ['percent signs twice', rewritten((body) => body.replaceAll('%', '%25'))],
  ['a form that is too large', rewritten((body) => `${body}&Blob=${'x'.repeat(70_000)}`)],
  ['too many fields', rewritten((body) => body + '&a=1'.repeat(2_000))],
  ['a form of rubbish', rewritten(() => '\u0001=&&&=%%%')],
  ['the form in the query', ({ target, body, ...rest }) => ({ ...rest, target: `${target}?${body}`, body: '' })],
  ['a field in the query', ({ target, ...rest }) => ({ ...rest, target: `${target}?CallStatus=completed` })],
  ['another stream in the query', ({ target, ...rest }) => ({ ...rest, target: `${target}?stream=2` })],
  ['a query of nothing', ({ target, ...rest }) => ({ ...rest, target: `${target}?` })],
  [
    'a first field that begins in the query',
    ({ target, body, ...rest }) => ({ ...rest, target: `${target}?x=1`, body }),
  ],
  ['a slash at the end', retargeted((path) => `${path}/`)],
  ['two slashes at the end', retargeted((path) => `${path}//`)],
  ['the address of an instance', retargeted((path) => `/i/a${path}`)],
  ['a name that no instance can have', retargeted((path) => `/i/+15550100${path}`)],
  ['two slashes before', retargeted((path) => `/${path}`)],
  ['two slashes between', retargeted((path) => path.replace('/twilio/', '/twilio//'))],
  ['a dot between', retargeted((path) => path.replace('/twilio/', '/twilio/./'))],
  ['dots between', retargeted((path) => path.replace('/twilio/', '/twilio/x/../'))],
  ['dots in percent signs', retargeted((path) => path.replace('/twilio/', '/twilio/x/%2e%2e/'))],
  ['a slash in percent signs', retargeted((path) => path.replace('/twilio/', '/twilio%2F'))],
  ['a letter in percent signs', retargeted((path) => path.replace('twilio', '%74wilio'))],
  ['a backslash', retargeted((path) => path.replace('/twilio/', '/twilio\\'))],
  ['a semicolon', retargeted((path) => `${path};x=1`)],
  ['a zero byte', retargeted((path) => `${path}%00`)],
  ['capitals', retargeted((path) => path.toUpperCase())],
  ['a capital', retargeted((path) => path.replace('twilio', 'Twilio'))],
  ['a whole address', retargeted((path) => `http://parley.example${path}`)],
  ['the address of another host', retargeted((path) => `https://evil.example${path}`)],
  ['a scheme that joins the host', retargeted((path) => `x://y@evil.example:99999${path}`)],
  ['a fragment', retargeted((path) => `${path}#x`)],
  ['the path of the socket', retargeted(() => '/twilio/media')],
  ['the path of the socket inside', retargeted(() => '/twilio/media/.websocket')],
  ['the method GET', ({ ...rest }) => ({ ...rest, method: 'GET' })],
  ['the method PUT', ({ ...rest }) => ({ ...rest, method: 'PUT' })],
  ['the method DELETE', ({ ...rest }) => ({ ...rest, method: 'DELETE' })],
  ['the method PATCH', ({ ...rest }) => ({ ...rest, method: 'PATCH' })],
  ['the method in small letters', ({ ...rest }) => ({ ...rest, method: 'post' })],
  [
    'GET that would be POST',
    (request) => withHeaders({ ...request, method: 'GET' }, { 'X-HTTP-Method-Override': 'POST' }),
  ],
  ['a path in a header', unsigned({ 'X-Original-URL': '/twilio/voice', 'X-Rewrite-URL': '/twilio/voice' })],
  ['an address within', unsigned({ 'X-Forwarded-For': '127.0.0.1', 'X-Real-IP': '127.0.0.1' })],
  ['the name of this machine', unsigned({ Host: 'localhost' })],
  ['no name', unsigned({ Host: '' })],
  ['another name by the proxy', unsigned({ 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil.example' })],
  ['the name of Twilio', unsigned({ 'User-Agent': 'TwilioProxy/1.1' })],
  ['the type of JSON', withType('application/json')],
  ['the type of parts', withType('multipart/form-data; boundary=x')],
  ['the type of text', withType('text/plain')],
  ['no type', withType('')],
  ['a type of rubbish', withType('application/x-www-form-urlencoded, application/json')],
  ['a charset that does not exist', withType('application/x-www-form-urlencoded; charset=pigeon')],
  ['another charset', withType('application/x-www-form-urlencoded; charset=utf-16')],
  ['an encoding that it has not', (request) => withHeaders(request, { 'Content-Encoding': 'gzip' })],
  ['an encoding that nobody has', (request) => withHeaders(request, { 'Content-Encoding': 'pigeon' })],
  [
    'JSON with a hash of its own',
    (request) => ({ ...request, target: `${request.target}?bodySHA256=${'0'.repeat(64)}` }),
  ],
  [
    'an object as JSON',
    (request) =>
      withHeaders(
        { ...request, body: JSON.stringify(Object.fromEntries(fieldsOf(request.body))) },
        { 'Content-Type': 'application/json' },
      ),
  ],
];

/**
 * Webhooks whose signature fits, because what is signed has no seams: address, names and values run together. A part of the stream's number is
 * moved out of the query, and the question would be about whatever stream there is.
 */
export const movedSeams: readonly Forgery[] = [
  ['a number that is the name of the first field', seam('?stream=', '1AccountSid')],
  ['a query that is the name of the first field', seam('', '?stream=1AccountSid')],
  ['a query whose mark is left', seam('?', 'stream=1AccountSid')],
  ['half a name in the query', seam('?str', 'eam=1AccountSid')],
  ['a number with the letters of the first field', seam('?stream=1Account', 'Sid')],
  [
    'a number with the first field',
    (request) => {
      const [[name, value] = ['', ''], ...rest] = fieldsOf(request.body);
      return { ...request, target: `${request.target}${name}${value}`, body: formText(rest) };
    },
  ],
];

/** Upgrades that were forged out of one of Twilio's. */
export const forgedUpgrades: readonly Forgery[] = [
  ...forgedSignatures,
  ['the signature of https', () => upgrade('https://parley.example/twilio/media')],
  ['the signature of ws', () => upgrade('ws://parley.example/twilio/media')],
  ['the signature of another socket', () => upgrade('wss://parley.example/twilio/media2')],
  ['the signature of another port', () => upgrade('wss://parley.example:8443/twilio/media')],
  ['the signature of another path', () => upgrade('wss://parley.example/')],
  ['the signature with a query', () => upgrade('wss://parley.example/twilio/media?token=1')],
  ['a query', () => upgrade('wss://parley.example/twilio/media?x=1', '/twilio/media?x=1')],
  ['the address of an instance', retargeted(() => '/i/a/twilio/media')],
  ['the signature of an instance', () => upgrade('wss://parley.example/i/a/twilio/media')],
  ['the signature of another instance', () => upgrade('wss://parley.example/i/b/twilio/media', '/i/a/twilio/media')],
  ['two slashes', retargeted(() => '//twilio/media')],
  ['two slashes at the end', retargeted(() => '/twilio/media//')],
  ['capitals', retargeted(() => '/twilio/MEDIA')],
  ['percent signs', retargeted(() => '/twilio/%6dedia')],
  ['dots', retargeted(() => '/x/../twilio/media')],
  ['a semicolon', retargeted(() => '/twilio/media;x')],
  ['the inner path', retargeted(() => '/twilio/media/.websocket')],
  ['the path of a webhook', retargeted(() => '/twilio/voice')],
  ['no path', retargeted(() => '/')],
  ['a whole address', retargeted(() => 'http://parley.example/twilio/media')],
  ['POST', (request) => ({ ...request, method: 'POST' })],
  ['another protocol', (request) => withHeaders(request, { Upgrade: 'h2c' })],
  ['a version that does not exist', (request) => withHeaders(request, { 'Sec-WebSocket-Version': '7' })],
  ['a key that is none', (request) => withHeaders(request, { 'Sec-WebSocket-Key': 'x' })],
];

/** The signed text stays the same: what the query loses begins the name of the first field. */
function seam(query: string, name: string): Forgery[1] {
  return (request) => {
    const [[, value] = ['', ''], ...rest] = fieldsOf(request.body);
    return { ...request, target: request.target.replace(/\?.*/, query), body: formText([[name, value], ...rest]) };
  };
}

type Signatures = readonly [string, ...string[]];

function signed(change: (signatures: Signatures) => string[]): Forgery[1] {
  return ({ signatures: [one = ''], ...rest }) => ({ ...rest, signatures: change([one]) });
}

/** Signs something else than Twilio does. */
function resigned(signature: (url: string, fields: Fields) => string): Forgery[1] {
  return (request) => {
    const base = request.method === 'GET' ? publicUrl.replace('https', 'wss') : publicUrl;
    return { ...request, signatures: [signature(base + request.target, fieldsOf(request.body))] };
  };
}

function renamed(name: string): Forgery[1] {
  return ({ signatures: [one = ''], ...rest }) => withHeaders({ ...rest, signatures: [] }, { [name]: one });
}

function refilled(change: (fields: Fields) => Fields): Forgery[1] {
  return ({ body, ...rest }) => ({ ...rest, body: formText(change(fieldsOf(body))) });
}

function rewritten(change: (body: string) => string): Forgery[1] {
  return ({ body, ...rest }) => ({ ...rest, body: change(body) });
}

function retargeted(change: (target: string) => string): Forgery[1] {
  return ({ target, ...rest }) => ({ ...rest, target: change(target) });
}

/** What a proxy might be fooled with; the signature is not Twilio's. */
function unsigned(headers: Readonly<Record<string, string>>): Forgery[1] {
  return (request) => withHeaders({ ...request, signatures: ['bm90IGEgc2lnbmF0dXJl'] }, headers);
}

function withType(type: string): Forgery[1] {
  return (request) => withHeaders(request, { 'Content-Type': type });
}

function withHeaders({ headers, ...rest }: WireRequest, more: Readonly<Record<string, string>>): WireRequest {
  return { ...rest, headers: { ...headers, ...more } };
}

function changed(fields: Fields, name: string, to: string): Fields {
  return fields.map(([key, value]) => [key, key === name ? to : value]);
}

/** The numbers of caller and callee, each for the other. */
function swapped(fields: Fields): Fields {
  const valueOf = new Map(fields);
  return changed(changed(fields, 'From', valueOf.get('To') ?? ''), 'To', valueOf.get('From') ?? '');
}
