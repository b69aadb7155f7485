import type { HttpMethod } from './carrier-events.ts';
import type { TwilioCode } from './twilio-codes.ts';
import { attributesOf, mayStandIn, notSimulated } from './twiml-schema.ts';
import type { XmlElement } from './xml.ts';

/** `<Say>` and `<Play>` repeat `loops` times; `digits` are tones that `<Play>` sends. */
export type PromptVerb =
  | { readonly type: 'say'; readonly text: string; readonly loops: number }
  | { readonly type: 'play'; readonly url: string; readonly digits: string; readonly loops: number }
  | { readonly type: 'pause'; readonly lengthMs: number };

/** `<Gather>`: waits for keys. Spoken input is never recognised. `numDigits` is Infinity when the document sets none. */
export interface GatherVerb {
  readonly type: 'gather';
  readonly prompts: readonly PromptVerb[];
  /** Null stands for the document's own URL. */
  readonly action: string | null;
  readonly method: HttpMethod;
  readonly takesDtmf: boolean;
  readonly numDigits: number;
  readonly timeoutMs: number;
  readonly finishOnKey: string;
  readonly actionOnEmptyResult: boolean;
}

/** The `<Stream>` of a `<Connect>`, or the code with which Twilio refuses it. */
export type StreamNoun =
  | {
      readonly type: 'stream';
      readonly url: string;
      readonly name: string | null;
      readonly parameters: Readonly<Record<string, string>>;
      readonly statusCallback: { readonly url: string; readonly method: HttpMethod } | null;
    }
  | { readonly type: 'refused'; readonly code: TwilioCode; readonly detail: string };

/** `<Connect>` with its stream; without `action` the document goes on after it. */
export interface ConnectVerb {
  readonly type: 'connect';
  readonly action: string | null;
  readonly method: HttpMethod;
  readonly stream: StreamNoun;
}

/** `<Dial>`: `to` is a number, or a conference's name. */
export interface DialVerb {
  readonly type: 'dial';
  readonly noun: 'number' | 'conference';
  readonly to: string;
  readonly action: string | null;
  readonly method: HttpMethod;
  readonly timeoutMs: number;
  readonly timeLimitMs: number;
  readonly callerId: string | null;
}

/** One verb of a document, ready to run. */
export type Verb =
  | PromptVerb
  | GatherVerb
  | ConnectVerb
  | DialVerb
  | { readonly type: 'redirect'; readonly url: string; readonly method: HttpMethod }
  | { readonly type: 'hangup' }
  | { readonly type: 'reject'; readonly reason: 'rejected' | 'busy' }
  | { readonly type: 'notSimulated'; readonly name: string };

/** Called with every schema warning (12200): what is wrong with the document that runs nevertheless. */
export type Warn = (detail: string) => void;

/** `<Parameter>`: name and value together stay below this (TW-TWIML-2). */
const parameterCharactersMax = 500;

/**
 * Reads the verbs of a `<Response>`. What Twilio does not know is reported with `warn` and skipped; the rest runs (TW-TWIML-1).
 */
export function readVerbs(response: XmlElement, warn: Warn): Verb[] {
  checkAttributes(response, warn);
  return childElements(response, warn).flatMap((element) => readVerb(element, warn) ?? []);
}

function readVerb(element: XmlElement, warn: Warn): Verb | null {
  switch (element.name) {
    case 'Say':
    case 'Play':
    case 'Pause':
      return readPrompt(element, warn);
    case 'Gather':
      return readGather(element, warn);
    case 'Connect':
      return readConnect(element, warn);
    case 'Dial':
      return readDial(element, warn);
    case 'Redirect':
      return { type: 'redirect', url: textOf(element), method: methodOf(element, 'method', warn) };
    case 'Hangup':
      return { type: 'hangup' };
    case 'Reject':
      return { type: 'reject', reason: element.attributes.get('reason') === 'busy' ? 'busy' : 'rejected' };
    default:
      return { type: 'notSimulated', name: element.name };
  }
}

function readPrompt(element: XmlElement, warn: Warn): PromptVerb {
  const loops = wholeNumber(element, 'loop', 1, warn);
  if (element.name === 'Say') return { type: 'say', text: textOf(element), loops };
  if (element.name === 'Pause') return { type: 'pause', lengthMs: wholeNumber(element, 'length', 1, warn) * 1000 };
  return { type: 'play', url: textOf(element), digits: element.attributes.get('digits') ?? '', loops };
}

function readGather(element: XmlElement, warn: Warn): GatherVerb {
  return {
    type: 'gather',
    prompts: childElements(element, warn).map((child) => readPrompt(child, warn)),
    action: element.attributes.get('action') ?? null,
    method: methodOf(element, 'method', warn),
    takesDtmf: (element.attributes.get('input') ?? 'dtmf').split(' ').includes('dtmf'),
    numDigits: wholeNumber(element, 'numDigits', Number.POSITIVE_INFINITY, warn),
    timeoutMs: wholeNumber(element, 'timeout', 5, warn) * 1000,
    finishOnKey: element.attributes.get('finishOnKey') ?? '#',
    actionOnEmptyResult: element.attributes.get('actionOnEmptyResult') === 'true',
  };
}

function readConnect(element: XmlElement, warn: Warn): Verb | null {
  const [noun] = childElements(element, warn);
  if (noun === undefined) {
    warn('<Connect> holds no <Stream>');
    return null;
  }
  if (noun.name !== 'Stream') return { type: 'notSimulated', name: `Connect><${noun.name}` };
  return {
    type: 'connect',
    action: element.attributes.get('action') ?? null,
    method: methodOf(element, 'method', warn),
    stream: readStream(noun, warn),
  };
}

/** The rules of TW-TWIML-2: an absolute wss URL without query, the inbound track only, short parameters. */
function readStream(element: XmlElement, warn: Warn): StreamNoun {
  const url = element.attributes.get('url') ?? '';
  const parsed = URL.parse(url);
  if (parsed === null) return { type: 'refused', code: 31923, detail: `url="${url}" is not an absolute URL` };
  if (parsed.protocol !== 'wss:') return { type: 'refused', code: 31922, detail: `url="${url}" is not wss` };
  if (url.includes('?')) return { type: 'refused', code: 31920, detail: `url="${url}" has a query string` };
  const track = element.attributes.get('track') ?? 'inbound_track';
  if (track !== 'inbound_track') return { type: 'refused', code: 31941, detail: `track="${track}"` };

  const callbackUrl = element.attributes.get('statusCallback') ?? null;
  const isCallbackValid = callbackUrl !== null && URL.canParse(callbackUrl);
  if (callbackUrl !== null && !isCallbackValid) warn(`statusCallback="${callbackUrl}" is not an absolute URL`);
  const method = methodOf(element, 'statusCallbackMethod', warn);
  return {
    type: 'stream',
    url,
    name: element.attributes.get('name') ?? null,
    parameters: Object.fromEntries(childElements(element, warn).flatMap((child) => readParameter(child, warn))),
    statusCallback: isCallbackValid ? { url: callbackUrl, method } : null,
  };
}

function readParameter(element: XmlElement, warn: Warn): [name: string, value: string][] {
  const name = element.attributes.get('name') ?? '';
  const value = element.attributes.get('value') ?? '';
  if (name !== '' && name.length + value.length < parameterCharactersMax) return [[name, value]];
  warn(
    `<Parameter name="${name}"> has no name, or ${String(parameterCharactersMax)} characters and more: not delivered`,
  );
  return [];
}

function readDial(element: XmlElement, warn: Warn): Verb {
  const [noun, second] = element.children.some((child) => typeof child !== 'string')
    ? childElements(element, warn)
    : [];
  if (second !== undefined) return { type: 'notSimulated', name: `Dial> with several nouns <${second.name}` };
  if (noun !== undefined && notSimulated.has(noun.name)) return { type: 'notSimulated', name: `Dial><${noun.name}` };
  return {
    type: 'dial',
    noun: noun?.name === 'Conference' ? 'conference' : 'number',
    to: textOf(noun ?? element),
    action: element.attributes.get('action') ?? null,
    method: methodOf(element, 'method', warn),
    timeoutMs: wholeNumber(element, 'timeout', 30, warn) * 1000,
    timeLimitMs: wholeNumber(element, 'timeLimit', 14_400, warn) * 1000,
    callerId: element.attributes.get('callerId') ?? null,
  };
}

/** The child elements that may stand here, their attributes checked. */
function childElements(parent: XmlElement, warn: Warn): XmlElement[] {
  return parent.children.flatMap((child) => {
    if (typeof child === 'string') {
      if (child.trim() !== '') warn(`text in <${parent.name}>`);
      return [];
    }
    if (!mayStandIn(parent.name, child.name)) {
      warn(`<${child.name}> in <${parent.name}>`);
      return [];
    }
    checkAttributes(child, warn);
    return [child];
  });
}

function checkAttributes(element: XmlElement, warn: Warn): void {
  const known = attributesOf.get(element.name);
  if (known === undefined) return;
  for (const name of element.attributes.keys()) {
    if (!known.has(name)) warn(`attribute ${name} of <${element.name}>`);
  }
}

function textOf(element: XmlElement): string {
  return element.children
    .filter((child) => typeof child === 'string')
    .join('')
    .trim();
}

function methodOf(element: XmlElement, name: string, warn: Warn): HttpMethod {
  const method = element.attributes.get(name) ?? 'POST';
  if (method === 'GET' || method === 'POST') return method;
  warn(`${name}="${method}" of <${element.name}>`);
  return 'POST';
}

function wholeNumber(element: XmlElement, name: string, otherwise: number, warn: Warn): number {
  const text = element.attributes.get(name);
  if (text === undefined) return otherwise;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  warn(`${name}="${text}" of <${element.name}>`);
  return otherwise;
}
