import { callSid, otherCall } from '../../../test/host/service-bench.ts';
import { isJsonObject, parseJson } from '../../../src/encoding/json.ts';
import { paths } from '../../../src/twilio/paths.ts';
import { FuzzFinding, type FuzzKind } from '../fuzz-kind.ts';
import { receivedMessages, recordedStreamSid } from '../true-messages.ts';
import { attack, ringsAgain } from '../two-calls.ts';

const trialInputsMax = 24;

/** Frames on the media stream of a call, among those of its own. */
export const streamFrames: FuzzKind = {
  name: 'frames of a stream',
  share: 0.2,
  bases: receivedMessages('twilio').map((text) => text.replaceAll(recordedStreamSid, 'MZ1')),
  trialInputsMax,
  trial: (texts) =>
    attack(texts, ({ attacked }, text) => attacked.stream.socket.received(text, text.length % 17 === 0)),
};

/** Frames on a media socket that nobody has claimed; one in three is the start of a stream. */
export const handshakes: FuzzKind = {
  name: 'first frames of a socket',
  share: 0.05,
  bases: receivedMessages('twilio').filter((text) => /"(?:start|connected)"/.test(text)),
  trialInputsMax,
  trial: (texts) =>
    attack(texts, (calls, text) => {
      const ofCall = `CA${'9'.repeat(32)}`;
      const token = ringsAgain(calls, ofCall);
      const { socket } = calls.bench.opensStream(null);
      socket.received(text.replace('kJ3vX0q7', token).replace(/"CA\w{32}"/, `"${ofCall}"`), false);
    }),
};

/** Messages of a model session, before or after its setup is answered. */
export const modelMessages: FuzzKind = {
  name: 'messages of a model session',
  share: 0.2,
  bases: receivedMessages('gemini'),
  trialInputsMax,
  trial: (texts) =>
    attack(texts, ({ bench, attacked }, text) => {
      attacked.session.socket.received(text, text.length % 17 === 0);
      // A session that was opened in its place is spoken to as well, before it is set up.
      const latest = bench.sessions.at(-1);
      if (latest === undefined || latest === attacked.session) return;
      latest.socket.opened();
      latest.socket.received(text, false);
    }),
};

const form = {
  CallSid: callSid,
  AccountSid: 'AC1',
  From: '+12025550177',
  To: '+12025550188',
  Direction: 'inbound',
  CallStatus: 'in-progress',
  DialCallStatus: 'busy',
  DialBridged: 'false',
  RecordingDuration: '3',
  RecordingStatus: 'completed',
  StreamSid: 'MZ1',
  StreamEvent: 'stream-error',
  StreamError: '31920 status 502',
  RecordingSid: 'RE1',
  RecordingUrl: 'https://api.example/RE1',
};

/** Webhooks whose signature fits, for the attacked call and for calls that nobody knows. */
export const webhookForms: FuzzKind = {
  name: 'forms of webhooks',
  share: 0.1,
  bases: Object.values(paths).map((path) =>
    JSON.stringify({ path, query: { stream: '1', call: callSid, attempt: '1', key: 'yes' }, form }),
  ),
  trialInputsMax,
  trial: (texts) =>
    attack(texts, ({ bench }, text) => {
      const request = parseJson(text.replaceAll(otherCall, callSid));
      const {
        path,
        query,
        form: fields,
      } = isJsonObject(request) ? request : { path: '', query: { stream: text }, form: text };
      let answers = 0;
      bench.service.webhooks.take(
        { path: typeof path === 'string' ? path : '', query: isJsonObject(query) ? query : {}, form: fields },
        () => (answers += 1),
      );
      bench.passes(1);
      if (answers !== 1) throw new FuzzFinding(`A webhook got ${answers} answers.`);
    }),
};
