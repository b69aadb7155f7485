import type { ConferenceSeat, Verb } from './twiml.ts';
import {
  callbackOf,
  childElements,
  eventsOf,
  methodOf,
  textOf,
  truth,
  type Warn,
  wholeAttribute,
} from './twiml-element.ts';
import { notSimulated } from './twiml-schema.ts';
import type { XmlElement } from './xml.ts';

/** As many as Twilio lets into one conference (TW-CONF-1). */
const participantsMax = 250;

/** `<Dial>` with one noun, or with a bare number (TW-TWIML-3). Several nouns, and the other kinds, are not simulated. */
export function readDial(element: XmlElement, warn: Warn): Verb {
  const [noun, second] = element.children.some((child) => typeof child !== 'string')
    ? childElements(element, warn)
    : [];
  if (second !== undefined) return { type: 'notSimulated', name: `Dial> with several nouns <${second.name}` };
  if (noun !== undefined && notSimulated.has(noun.name)) return { type: 'notSimulated', name: `Dial><${noun.name}` };
  const isConference = noun?.name === 'Conference';
  const whisperUrl = isConference ? undefined : noun?.attributes.get('url');
  checkDial(element, warn);
  return {
    type: 'dial',
    noun: isConference ? 'conference' : noun?.name === 'Sip' ? 'sip' : 'number',
    to: textOf(noun ?? element),
    sendDigits: noun?.attributes.get('sendDigits') ?? '',
    whisper:
      noun === undefined || whisperUrl === undefined
        ? null
        : { url: whisperUrl, method: methodOf(noun, 'method', warn) },
    seat: isConference ? readSeat(noun, warn) : null,
    action: element.attributes.get('action') ?? null,
    method: methodOf(element, 'method', warn),
    timeoutMs: wholeAttribute(element, 'timeout', 30, warn) * 1000,
    timeLimitMs: wholeAttribute(element, 'timeLimit', 14_400, warn) * 1000,
    callerId: element.attributes.get('callerId') ?? null,
  };
}

/** What Twilio warns of and takes as its default instead. */
function checkDial(element: XmlElement, warn: Warn): void {
  truth(element, 'answerOnBridge', false, warn);
  const seconds = wholeAttribute(element, 'timeout', 30, warn);
  if (seconds < 5 || seconds > 600) warn(`timeout="${String(seconds)}" of <Dial>`);
}

function readSeat(element: XmlElement, warn: Warn): ConferenceSeat {
  const callback = callbackOf(element, warn);
  const waitUrl = element.attributes.get('waitUrl') ?? '';
  return {
    label: element.attributes.get('participantLabel') ?? null,
    isMuted: truth(element, 'muted', false, warn),
    startsOnEnter: truth(element, 'startConferenceOnEnter', true, warn),
    endsOnExit: truth(element, 'endConferenceOnExit', false, warn),
    participantsMax: wholeAttribute(element, 'maxParticipants', participantsMax, warn),
    wait: waitUrl === '' ? null : { url: waitUrl, method: methodOf(element, 'waitMethod', warn) },
    statusCallback: callback && { ...callback, events: eventsOf(element, 'statusCallbackEvent', '') },
  };
}
