import { describe, expect, test } from 'vitest';
import { usualAnnouncement } from '../../../src/call/phone/destination.ts';
import type { DestinationMeans } from '../../../src/config/destinations/destination-schema.ts';
import { readDestinations } from '../../../src/config/destinations/read-destinations.ts';

const means: DestinationMeans = {
  country: null,
  accept: 'press1',
  announcement: usualAnnouncement,
  takesMessages: true,
  readHours: (value) =>
    value === 'never' ? { hours: { isOpen: () => false, words: () => 'closed' } } : { problem: 'has no times.' },
};

const target = { kind: 'number', address: '+4312345678', callerId: null, ringSeconds: 30, digits: '' };

function read(places: unknown, changes: Partial<DestinationMeans> = {}) {
  const text = typeof places === 'string' ? places : JSON.stringify(places);
  return readDestinations(text, { ...means, ...changes });
}

function targetsOf(places: unknown, changes: Partial<DestinationMeans> = {}): unknown {
  const result = read(places, changes);
  return 'destinations' in result ? [...result.destinations.values()].map(({ targets }) => targets) : result;
}

describe('destinations', () => {
  test.for<[text: string, changes: object]>([
    ['support=+43 1 2345678', {}],
    ['support = +43 (0)1 234-5678', {}],
    ['support=+4312345678x42', { digits: 'ww42' }],
    ['support=+43 1 2345678 ext. 42', { digits: 'ww42' }],
    [
      'support=sip:desk@pbx.example.com;transport=tls',
      { kind: 'sip', address: 'sip:desk@pbx.example.com;transport=tls' },
    ],
    ['support=sips:desk@10.0.0.7:5061', { kind: 'sip', address: 'sips:desk@10.0.0.7:5061' }],
    ['{"support": "+43 1 2345678"}', {}],
    [
      '{"support": {"to": "+43 1 2345678", "ring_seconds": 12, "digits": "w1#", "caller_id": "+43 1 9999999"}}',
      {
        ringSeconds: 12,
        digits: 'w1#',
        callerId: '+4319999999',
      },
    ],
  ])('%s is understood', ([text, changes]) => {
    expect(targetsOf(text)).toEqual([[{ ...target, ...changes }]]);
  });

  test('may be written as at home', () => {
    expect(targetsOf('support=01 2345678', { country: 'AT' })).toEqual([[target]]);
  });

  test('of several targets share what the destination says, and each may say otherwise', () => {
    const to = ['+43 1 2345678', { to: 'sip:desk@pbx.example.com', ring_seconds: 5 }];
    expect(targetsOf({ support: { to, ring_seconds: 20, caller_id: '+43 1 9999999' } })).toEqual([
      [
        { ...target, ringSeconds: 20, callerId: '+4319999999' },
        { ...target, kind: 'sip', address: 'sip:desk@pbx.example.com', ringSeconds: 5, callerId: '+4319999999' },
      ],
    ]);
  });

  test('say how a call is taken, with which words, and what comes after hours', () => {
    const whisper = { words: 'Für {{destination}}.', language: 'de-AT' };
    const night = { to: '+43 1 2345678', accept: 'none', hours: 'never', after_hours: 'voicemail', whisper };
    const result = read({ support: '+43 1 2345678', night });
    expect('destinations' in result && result.destinations.get('support')).toMatchObject({
      accept: 'press1',
      announcement: usualAnnouncement,
      hours: null,
      afterHours: { kind: 'tell' },
    });
    expect('destinations' in result && result.destinations.get('night')).toMatchObject({
      accept: 'none',
      announcement: 'Für {{destination}}.',
      language: 'de-AT',
      afterHours: { kind: 'message' },
    });
  });

  test.for<[number: string, why: RegExp]>([
    ['112', /^for "support" is an emergency number/],
    ['+1 911', /is an emergency number/],
    ['+43 112', /is an emergency number/],
    ['+43 900 123456', /is a premium-rate number/],
    ['+1 900 555 1234', /is a premium-rate number/],
    ['+44 909 879 0000', /is a premium-rate number/],
    ['+8816 1234 5678', /begins with \+881, which are satellites/],
    ['+870 773 111 632', /begins with \+870, which are satellites/],
    ['+979 1 2345 6789', /begins with \+979, which are satellites/],
    ['11833', /is a short code/],
    ['+1 202 555', /has too many or too few digits for a number of North America/],
    ['+44 7700 900123', /is in no range that the country \+44 has given out/],
    ['+999 1234 5678', /is no telephone number/],
    ['+1 202 CALL-NOW', /is no telephone number/],
    ['0043', /is no telephone number|is a short code/],
    ['01 2345678', /lacks its country/],
    ['sip:pbx.example.com', /is no SIP address/],
    ['sip:a b@pbx.example.com', /is no SIP address/],
    ['sip:desk@pbx..example', /is no SIP address/],
    ['tel:+4312345678', /is no telephone number/],
  ])('%s is refused with its reason, and not shown', ([number, why]) => {
    const result = read(`support=${number}`);
    const problems = 'problems' in result ? result.problems : [];
    expect(problems).toEqual([expect.stringMatching(why)]);
    expect(problems[0]).not.toContain(number);
  });

  test('are refused with every mistake at once, each at its field', () => {
    const places = {
      Support: '+43 1 2345678',
      a: { to: ['+43 1 2345678', '112'], ring_seconds: 3, after_hours: 'nowhere', accept: 'yes' },
      b: { to: 'sip:desk@pbx.example.com', digits: '1', colour: 'red', ringseconds: 20 },
      c: { to: [], whisper: { words: '{{who}}' } },
      d: { to: '+43 1 2345678', digits: 'press 1' },
      e: 7,
    };
    expect(read(places)).toEqual({
      problems: [
        'for "a" (ring_seconds) wants a whole number of seconds, from 5 to 60.',
        'for "a" (accept) wants one of press-1, none.',
        'for "b" (colour) is not known here.',
        'for "b" (ringseconds) is not known here; did you mean ring_seconds?',
        'for "c" is empty.',
        'for "d" (digits) wants up to 32 of the signs 0-9, *, # and w, which waits half a second.',
        'for "e" has the wrong form.',
      ],
    });
    const meant = {
      Support: '+43 1 2345678',
      a: { to: ['+43 1 2345678', '112'], after_hours: 'nowhere' },
      b: { to: 'sip:desk@pbx.example.com', digits: '1', hours: 'always' },
      c: { to: '+43 1 2345678', caller_id: '7', whisper: { words: '{{who}}' }, hours: 'never', after_hours: 'c' },
    };
    expect(read(meant)).toEqual({
      problems: [
        expect.stringMatching(/^for "Support" has a wrong name/),
        expect.stringMatching(/^for "a" \(to 2\) is an emergency number/),
        expect.stringMatching(/^for "b" \(digits\) cannot be sent to a SIP address/),
        'for "b" (hours) has no times.',
        expect.stringMatching(/^for "c" \(whisper words\) holds \{\{who\}\}, which nothing fills/),
        expect.stringMatching(/^for "c" \(caller_id\) is no telephone number/),
        expect.stringMatching(/^for "a" \(after_hours\) names "nowhere", which is no destination/),
        expect.stringMatching(/^for "c" \(after_hours\) leads back to itself/),
      ],
    });
  });

  test('show no number that stands where a name belongs', () => {
    const result = read({ '+43 1 2345678': 'sales', a: { to: '112', after_hours: 'sip:desk@pbx.example.com' } });
    expect(result).toEqual({
      problems: [
        expect.stringMatching(/^for "…" has a wrong name/),
        expect.stringMatching(/^for "…" is no telephone number/),
        expect.stringMatching(/^for "a" is an emergency number/),
        expect.stringMatching(/^for "a" \(after_hours\) names "…", which is no destination/),
      ],
    });
  });

  test('take no messages after hours where no messages are taken', () => {
    const result = read(
      { a: { to: '+43 1 2345678', hours: 'never', after_hours: 'voicemail' } },
      { takesMessages: false },
    );
    expect(result).toEqual({
      problems: [expect.stringMatching(/^for "a" \(after_hours\) is voicemail, and no messages/)],
    });
  });

  test('that are no JSON say so without a word of them', () => {
    const result = read('{"support": "+43 1 2345678"');
    expect('problems' in result && result.problems[0]).toMatch(/^is no JSON/);
    expect(JSON.stringify(result)).not.toContain('2345678');
  });
});
