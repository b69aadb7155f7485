// The package's root would load its whole REST client: six times the start-up time of this one file.
import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import type { CallDocument } from '../core/effects.ts';

/** What the documents of one call refer to. All addresses are absolute: Twilio cannot resolve others in a REST update. */
export interface TwimlLinks {
  /** `wss:` and without a query, which Twilio refuses (TW-TWIML-2). */
  readonly streamUrl: string;
  /** Comes back in the start message as the parameter `token`. Below 500 characters together with its name (TW-TWIML-2). */
  readonly streamToken: string;
  readonly connectAction: string;
  readonly dialAction: string;
  /** How long the destination rings, 5 to 600 (TW-TWIML-3). */
  readonly dialTimeoutSeconds: number;
  /** How long the caller and the destination may speak (TW-TWIML-3). */
  readonly dialTimeLimitSeconds: number;
  /** The BCP-47 tag of the language that Twilio's voice speaks; null for Twilio's default. */
  readonly sayLanguage: string | null;
}

/** Twilio refuses longer texts (TW-TWIML-4). */
const sayCharactersMax = 4096;

/** Writes the TwiML that makes Twilio do what the call decided (TW-TWIML-1). */
export function renderTwiml(document: CallDocument, links: TwimlLinks): string {
  const response = new VoiceResponse();
  switch (document.kind) {
    case 'stream':
      response
        .connect({ action: links.connectAction, method: 'POST' })
        .stream({ url: links.streamUrl })
        .parameter({ name: 'token', value: links.streamToken });
      break;
    case 'dial':
      say(response, document.say, links.sayLanguage);
      response
        .dial({
          action: links.dialAction,
          method: 'POST',
          timeout: links.dialTimeoutSeconds,
          timeLimit: links.dialTimeLimitSeconds,
        })
        .number(document.number);
      break;
    case 'hangUp':
      say(response, document.say, links.sayLanguage);
      response.hangup();
      break;
    case 'nothing':
      break;
  }
  return response.toString();
}

/** Writes the TwiML that refuses a call with the busy tone. As the first verb it costs nothing (TW-TWIML-4). */
export function rejectBusy(): string {
  const response = new VoiceResponse();
  response.reject({ reason: 'busy' });
  return response.toString();
}

function say(response: VoiceResponse, text: string | null, language: string | null): void {
  if (text === null) return;
  // What XML cannot hold is left out: the builder would throw, and an apology must not fail.
  const speakable = text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
  // Cut between code points, for the same reason: half a surrogate pair is no character.
  const spoken = Array.from(speakable).slice(0, sayCharactersMax).join('');
  // `addChild`, because `say` is typed with the languages of the day that the package was made.
  response.addChild('Say', language === null ? {} : { language }).addText(spoken);
}
