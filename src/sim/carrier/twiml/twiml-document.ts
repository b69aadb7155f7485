import type { HttpAnswer } from '../carrier-events.ts';
import type { TwilioCode } from '../twilio-codes.ts';
import type { Verb } from './twiml.ts';
import { readVerbs } from './twiml-reader.ts';
import { MalformedXml, parseXml } from './xml.ts';

/** A TwiML document as Twilio takes it: its verbs and schema warnings (12200), or the error for which it is refused. */
export type TwimlDocument =
  | { readonly type: 'document'; readonly verbs: readonly Verb[]; readonly warnings: readonly string[] }
  | { readonly type: 'refused'; readonly code: TwilioCode; readonly detail: string };

/** The largest answer that Twilio takes (TW-HOOK-2). */
const bodyBytesMax = 64 * 1024;

/** What Twilio does with an answer to a webhook, by its content type and size (TW-HOOK-2). */
export function readAnswer(answer: HttpAnswer): TwimlDocument {
  const { body } = answer;
  if (answer.status === 204) return { type: 'document', verbs: [], warnings: [] };
  const bodyBytes = new TextEncoder().encode(body).length;
  if (bodyBytes > bodyBytesMax) return { type: 'refused', code: 11750, detail: `${String(bodyBytes)} bytes` };
  const mediaType = answer.contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  switch (mediaType) {
    case 'text/xml':
    case 'application/xml':
    case 'text/html':
      return readTwiml(body);
    case 'text/plain': {
      const document = readTwiml(body);
      if (document.type === 'document') return document;
      return { type: 'document', verbs: [{ type: 'say', text: body, loops: 1 }], warnings: [] };
    }
    default:
      if (mediaType.startsWith('audio/')) {
        return { type: 'document', verbs: [{ type: 'play', url: '', digits: '', loops: 1 }], warnings: [] };
      }
      return { type: 'refused', code: 12300, detail: mediaType === '' ? 'no content type' : mediaType };
  }
}

/** Reads a document: unparsable XML is an error, an unknown element or attribute only a warning (TW-TWIML-1). */
export function readTwiml(source: string): TwimlDocument {
  try {
    const { version, root } = parseXml(source);
    if (version !== null && version !== '1.0') return { type: 'refused', code: 12101, detail: `version ${version}` };
    if (root.name !== 'Response') return { type: 'refused', code: 12102, detail: `root is <${root.name}>` };
    const warnings: string[] = [];
    const verbs = readVerbs(root, (detail) => warnings.push(detail));
    return { type: 'document', verbs, warnings };
  } catch (error) {
    if (error instanceof MalformedXml) return { type: 'refused', code: 12100, detail: error.message };
    throw error;
  }
}
