import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clearMessage,
  markMessage,
  mediaMessage,
  parseTwilioFrame,
  type TwilioMessage,
} from '../../src/twilio/stream-messages.ts';
import { wireFixtures } from '../wire-fixtures.ts';

const fixtures = wireFixtures('twilio');
const streamSid = 'MZ5f0c31d2a8b94e67f1032d4c5b6a7988';
const start = {
  type: 'start',
  streamSid,
  callSid: 'CA0a1b2c3d4e5f60718293a4b5c6d7e8f9',
} as const;

const messages: Record<string, TwilioMessage> = {
  connected: { type: 'connected' },
  start: { ...start, customParameters: { token: 'kJ3vX0q7' } },
  'start-without-parameters': { ...start, customParameters: {} },
  media: {
    type: 'stream.media',
    sequence: 2,
    timestampMs: 102,
    audio: Uint8Array.from({ length: 160 }, (_, index) => (index % 2 === 0 ? 0x7f : 0xff)),
  },
  dtmf: { type: 'stream.dtmf', digit: '5' },
  mark: { type: 'stream.marked', name: 'g3.7' },
  stop: { type: 'stream.stopped' },
};

describe('parseTwilioFrame', () => {
  test.each(Object.entries(messages))('reads %s', (name, expected) => {
    expect(parseTwilioFrame(fixture(name), expected.type === 'start' ? null : streamSid)).toStrictEqual(expected);
  });

  test('is shown every message that Twilio sends', () => {
    const received = [...fixtures.keys()].filter((name) => !name.startsWith('to-twilio-'));
    expect(received.toSorted()).toEqual(Object.keys(messages).toSorted());
  });

  test.each([
    ['text that is not JSON', '{"event":', 'stream.frameNotJson'],
    ['an empty frame', '', 'stream.frameNotJson'],
    ['null', 'null', 'stream.frameInvalid'],
    ['an array', '[{"event":"media"}]', 'stream.frameInvalid'],
    ['a message without an event', '{}', 'stream.frameInvalid'],
    ['an event that is a number', '{"event":1}', 'stream.frameInvalid'],
    ['an unknown event', '{"event":"weather"}', 'stream.eventUnknown'],
    ['an event named as a member of every object', '{"event":"constructor"}', 'stream.eventUnknown'],
    ['a sequence number that is a number', changed('media', '"sequenceNumber": "2"', '"sequenceNumber": 2')],
    ['a sequence number that is not decimal', changed('mark', '"61"', '"0x3d"')],
    ['a missing sequence number', changed('stop', '"sequenceNumber": "352",', '')],
    ['a timestamp that is a number', changed('media', '"102"', '102')],
    ['a negative timestamp', changed('media', '"102"', '"-102"')],
    ['a fractional timestamp', changed('media', '"102"', '"102.5"')],
    ['a timestamp too large for a number', changed('media', '"102"', '"10200000000000000"')],
    ['a chunk that is not decimal', changed('media', '"chunk": "1"', '"chunk": "one"')],
    ['the track of our own voice', changed('media', '"inbound"', '"outbound"')],
    ['media without a body', '{"event":"media","sequenceNumber":"2","streamSid":"MZ5f0c31d2a8b94e67f1032d4c5b6a7988"}'],
    ['audio without padding', payload('AAA')],
    ['audio with a foreign character', payload('AA*A')],
    ['audio in the URL alphabet', payload('_-8=')],
    ['audio with padding in its middle', payload('AA=A')],
    ['audio with a line break', payload('AAAA\\nAAAA')],
    ['no audio', payload('')],
    ['two digits at once', changed('dtmf', '"5"', '"55"')],
    ['a digit that no telephone has', changed('dtmf', '"5"', '"E"')],
    ['a mark without a name', changed('mark', '"name"', '"title"')],
    ['another stream', changed('media', streamSid, 'MZother'), 'stream.sidMismatch'],
    ['a second start', fixture('start')],
  ])('rejects %s', (_, text, fault = 'stream.frameInvalid') => {
    expect(parseTwilioFrame(text, streamSid)).toStrictEqual({ type: 'stream.frameRejected', fault });
  });

  test.each([
    ['media before the start', fixture('media'), 'stream.sidMismatch'],
    ['a start that names two streams', changed('start', streamSid, 'MZother'), 'stream.sidMismatch'],
    ['a start without a call', changed('start', '"callSid"', '"call"')],
    ['a start of other audio', changed('start', 'audio/x-mulaw', 'audio/l16')],
    ['a start whose sequence number is a number', changed('start', '"sequenceNumber": "1"', '"sequenceNumber": 1')],
    ['a start of two channels', changed('start', '"channels": 1', '"channels": 2')],
    ['a start of another rate', changed('start', '8000', '16000')],
    ['a start whose parameter is no text', changed('start', '"kJ3vX0q7"', '7')],
    ['a start without parameters', changed('start', '"customParameters"', '"parameters"')],
  ])('rejects %s', (_, text, fault = 'stream.frameInvalid') => {
    expect(parseTwilioFrame(text, null)).toStrictEqual({ type: 'stream.frameRejected', fault });
  });

  test.each([
    ['rate', changed('start', '8000', '"8000"')],
    ['number of channels', changed('start', '"channels": 1', '"channels": "1"')],
  ])('reads a start whose %s is a text', (_, text) => {
    expect(parseTwilioFrame(text, null)).toStrictEqual(messages.start);
  });

  test('gives audio that later frames leave as it is, because the call may keep it', () => {
    const text = fixture('media');
    const [first, second] = [parseTwilioFrame(text, streamSid), parseTwilioFrame(text, streamSid)];
    if (first.type !== 'stream.media' || second.type !== 'stream.media') throw new TypeError('not media');
    const kept = Uint8Array.from(first.audio);
    second.audio.fill(1);
    for (let frame = 0; frame < 1_000; frame += 1) parseTwilioFrame(text, streamSid);
    expect(first.audio).toStrictEqual(kept);
  });

  test('reads a media message alike, in whatever order its keys stand', () => {
    const member = fc.oneof(fc.stringMatching(/^[0-9]{0,17}$/), fc.jsonValue());
    const text = fc.oneof(fc.base64String(), fc.constantFrom('AAA=', 'AA-A', 'AA"A', 'A/+A'), fc.string());
    const parts = fc.record({ sequenceNumber: member, timestamp: member, chunk: member, payload: text });
    fc.assert(
      fc.property(parts, fc.constantFrom(streamSid, 'MZother'), ({ sequenceNumber, ...rest }, sid) => {
        const media = { track: 'inbound', chunk: rest.chunk, timestamp: rest.timestamp, payload: rest.payload };
        const usual = JSON.stringify({ event: 'media', sequenceNumber, media, streamSid: sid });
        const other = JSON.stringify({ streamSid: sid, media, sequenceNumber, event: 'media' });
        expect(parseTwilioFrame(usual, streamSid)).toStrictEqual(parseTwilioFrame(other, streamSid));
        expect(parseTwilioFrame(usual.replaceAll('/', '\\/'), streamSid)).toStrictEqual(
          parseTwilioFrame(other, streamSid),
        );
      }),
    );
  });

  test('never throws, whatever arrives', () => {
    const member = fc.oneof(fc.jsonValue(), fc.constantFrom('1', '20', streamSid, 'inbound', 'AAAA'));
    const frame = fc.record(
      {
        event: fc.constantFrom('connected', 'start', 'media', 'dtmf', 'mark', 'stop', 'other'),
        sequenceNumber: member,
        streamSid: member,
        start: member,
        media: fc.oneof(member, fc.record({ track: member, chunk: member, timestamp: member, payload: member })),
        dtmf: fc.oneof(member, fc.record({ digit: member })),
        mark: fc.oneof(member, fc.record({ name: member })),
      },
      { requiredKeys: [] },
    );
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      frame.map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(text, (value) => {
        expect(parseTwilioFrame(value, streamSid)).toHaveProperty('type');
      }),
    );
  });
});

describe('the messages to Twilio', () => {
  // One field more than these and Twilio drops the message without a word (TW-STREAM-5).
  test.each([
    ['media', mediaMessage(streamSid, Uint8Array.of(0xff, 0x7f, 0x00, 0x80))],
    ['mark', markMessage(streamSid, 'g3.7')],
    ['clear', clearMessage(streamSid)],
  ])('hold exactly the fields of %s', (name, message) => {
    expect(JSON.parse(message)).toStrictEqual(JSON.parse(fixture(`to-twilio-${name}`)));
  });

  test('hold only the bytes of a view into a larger buffer', () => {
    const view = Uint8Array.of(1, 2, 3, 4).subarray(1, 3);
    expect(mediaMessage('MZ1', view)).toContain('"payload":"AgM="');
  });

  test('bring back the audio that was written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (audio) => {
        const { media } = JSON.parse(mediaMessage(streamSid, audio));
        const text = changed('media', /"payload": ".*"/, `"payload": "${media.payload}"`);
        expect(parseTwilioFrame(text, streamSid)).toMatchObject({ type: 'stream.media', audio });
      }),
    );
  });
});

function fixture(name: string): string {
  const text = fixtures.get(name);
  if (text === undefined) throw new TypeError(`no fixture ${name}`);
  return text;
}

/** The fixture with one place changed; a place that is not there would make a test that cannot fail. */
function changed(name: string, place: string | RegExp, replacement: string): string {
  const text = fixture(name).replace(place, replacement);
  if (text === fixture(name)) throw new TypeError(`${name} has no ${place}`);
  return text;
}

function payload(base64: string): string {
  return changed('media', /"payload": ".*"/, `"payload": "${base64}"`);
}
