import type { GatherVerb, PromptVerb, RecordVerb, Verb } from './twiml.ts';
import { readConnect } from './twiml-connect.ts';
import { readDial } from './twiml-dial.ts';
import {
  callbackOf,
  checkAttributes,
  childElements,
  eventsOf,
  methodOf,
  textOf,
  truth,
  type Warn,
  wholeAttribute,
} from './twiml-element.ts';
import type { XmlElement } from './xml.ts';

/** What `speechTimeout="auto"` stands for here: Twilio decides by itself when somebody has finished. */
const autoSeconds = 1;

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
    case 'Record':
      return readRecord(element, warn);
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
  const loops = wholeAttribute(element, 'loop', 1, warn);
  if (element.name === 'Say') return { type: 'say', text: textOf(element), loops };
  if (element.name === 'Pause') return { type: 'pause', lengthMs: wholeAttribute(element, 'length', 1, warn) * 1000 };
  return { type: 'play', url: textOf(element), digits: element.attributes.get('digits') ?? '', loops };
}

function readGather(element: XmlElement, warn: Warn): GatherVerb {
  const input = (element.attributes.get('input') ?? 'dtmf').split(' ');
  const timeoutSeconds = wholeAttribute(element, 'timeout', 5, warn);
  const isAuto = element.attributes.get('speechTimeout') === 'auto';
  const speechSeconds = isAuto ? autoSeconds : wholeAttribute(element, 'speechTimeout', timeoutSeconds, warn);
  return {
    type: 'gather',
    prompts: childElements(element, warn).map((child) => readPrompt(child, warn)),
    action: element.attributes.get('action') ?? null,
    method: methodOf(element, 'method', warn),
    takesDtmf: input.includes('dtmf'),
    takesSpeech: input.includes('speech'),
    numDigits: wholeAttribute(element, 'numDigits', Number.POSITIVE_INFINITY, warn),
    timeoutMs: timeoutSeconds * 1000,
    speechTimeoutMs: speechSeconds * 1000,
    finishOnKey: element.attributes.get('finishOnKey') ?? '#',
    actionOnEmptyResult: element.attributes.get('actionOnEmptyResult') === 'true',
  };
}

function readRecord(element: XmlElement, warn: Warn): RecordVerb {
  const callback = callbackOf(element, warn, 'recordingStatusCallback');
  return {
    type: 'record',
    action: element.attributes.get('action') ?? null,
    method: methodOf(element, 'method', warn),
    playsBeep: truth(element, 'playBeep', true, warn),
    silenceMs: wholeAttribute(element, 'timeout', 5, warn) * 1000,
    lengthMsMax: wholeAttribute(element, 'maxLength', 3600, warn) * 1000,
    finishOnKey: element.attributes.get('finishOnKey') ?? '1234567890*#',
    statusCallback: callback && { ...callback, events: eventsOf(element, 'recordingStatusCallbackEvent', 'completed') },
  };
}
