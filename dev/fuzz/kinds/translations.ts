import type { CallFact } from '../../../src/call/events.ts';
import { assertEvent } from '../../../src/calllog/event-fields.ts';
import { parseJson } from '../../../src/encoding/json.ts';
import { modelFacts } from '../../../src/gemini/messages.ts';
import { parseTwilioFrame } from '../../../src/twilio/stream-messages.ts';
import type { FuzzKind } from '../fuzz-kind.ts';
import { receivedMessages, recordedStreamSid } from '../true-messages.ts';

/** Frames of Twilio, translated: whatever it says, each becomes a message of a known shape. */
export const twilioTranslation: FuzzKind = {
  name: 'translation of Twilio',
  share: 0.2,
  bases: receivedMessages('twilio'),
  trialInputsMax: 40,
  trial(texts) {
    for (const text of texts) {
      for (const streamSid of [recordedStreamSid, null]) {
        const message = parseTwilioFrame(text, streamSid);
        if (message.type !== 'connected' && message.type !== 'start') expectFact(message);
      }
    }
  },
};

/** Messages of Gemini, translated. */
export const geminiTranslation: FuzzKind = {
  name: 'translation of Gemini',
  share: 0.2,
  bases: receivedMessages('gemini'),
  trialInputsMax: 40,
  trial(texts) {
    for (const text of texts) {
      for (const newCallId of [null, () => 'made-1']) modelFacts(parseJson(text), newCallId).forEach(expectFact);
    }
  },
};

/** Each fact has the members that its event has in a log. */
function expectFact(fact: CallFact): void {
  assertEvent({ ...fact, atMs: 0 });
}
