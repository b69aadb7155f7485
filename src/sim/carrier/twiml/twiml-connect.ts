import type { StreamNoun, Verb } from './twiml.ts';
import { callbackOf, childElements, methodOf, type Warn } from './twiml-element.ts';
import type { XmlElement } from './xml.ts';

/** `<Parameter>`: name and value together stay below this (TW-TWIML-2). */
const parameterCharactersMax = 500;

/** `<Connect>` with its `<Stream>` (TW-TWIML-2). Null where it holds none, which is reported. */
export function readConnect(element: XmlElement, warn: Warn): Verb | null {
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

  return {
    type: 'stream',
    url,
    name: element.attributes.get('name') ?? null,
    parameters: Object.fromEntries(childElements(element, warn).flatMap((child) => readParameter(child, warn))),
    statusCallback: callbackOf(element, warn),
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
