import { readFileSync } from 'node:fs';
import { describe, expect, test, type TestContext } from 'vitest';
import { meanSquare } from '../../src/audio/level.ts';
import { isSoundLeft, leakedValues } from '../../src/calllog/scrub/canary.ts';
import { isObject } from '../../src/calllog/event-fields.ts';
import { type RecordedCall, readLog } from '../../src/calllog/read-log.ts';
import { replay } from '../../src/calllog/replay.ts';
import { scrub } from '../../src/calllog/scrub/scrub.ts';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';
import { standardAudioPath } from '../../src/sounds/standard-audio-path.ts';
import { callSid, recordCall, streamSid } from './recorded-call.ts';
import { recordedFixture } from './recorded-fixture.ts';

const options = { why: 'A barge-in cuts the agent off.', keepsAudio: false, untilMs: Infinity };

/** What a reader must not find: whoever called, and whom the settings name. */
const personal = [callSid, streamSid, '5557364411', '5557364422', '5558675309', '7719', '1987'].concat([
  'Marigold',
  'Thistlewood',
  'needles',
  'appointment',
  'October',
  'Butterfield',
  'surgery',
  'patient',
]);

test('nothing personal is left, and the call is the same but for its words', async (context) => {
  const record = await recorded(context);
  const { text, differences, leaks, knownCount } = scrub(record, options, standardAudioPath);
  expect({ differences, leaks }).toEqual({ differences: [], leaks: [] });
  expect(knownCount).toBeGreaterThan(personal.length);
  expect(personal.filter((value) => text.toLowerCase().includes(value.toLowerCase()))).toEqual([]);
  expect(text).toContain('"name":"lookup_record"');
});

test('the new log is a fixture: it replays exactly and says why it is there', async (context) => {
  const { text, audio } = scrub(await recorded(context), options, standardAudioPath);
  const record = readLog(text, audio);
  expect(record.header).toMatchObject({ why: options.why, startedAt: '2000-01-01T00:00:00.000Z' });
  expect(replay(record, standardAudioPath)).toMatchObject({ divergence: null, broken: [], crash: null });
});

test('a log that is cut ends at that time, holds no later sound, and replays exactly', async (context) => {
  const whole = await recorded(context);
  const { text, audio, differences, leaks, ...length } = scrub(
    whole,
    { ...options, untilMs: 2_000 },
    standardAudioPath,
  );
  const record = readLog(text, audio);
  const kept = whole.steps.filter(({ event }) => event.atMs <= 2_000);
  expect({ differences, leaks }).toEqual({ differences: [], leaks: [] });
  expect(length).toMatchObject({ steps: kept.length, durationMs: kept.at(-1)?.event.atMs });
  expect(record.steps.map(({ event }) => [event.type, event.atMs])).toEqual(
    kept.map(({ event }) => [event.type, event.atMs]),
  );
  expect(audio.length).toBe(soundOf({ ...whole, steps: kept }).length);
  expect(replay(record, standardAudioPath)).toMatchObject({ divergence: null, broken: [], crash: null });
});

test('a number that was said behind the cut may not stand in the reason', async (context) => {
  const cut = { ...options, untilMs: 1_000, why: 'The call of +15558675309.' };
  const { leaks } = scrub(await recorded(context), cut, standardAudioPath);
  expect(leaks).toEqual([{ line: 1, value: '15558675309' }]);
});

test('a message that was left keeps its length, and not its address', async (context) => {
  const recordingSid = `RE${'5'.repeat(32)}`;
  const recordingUrl = `https://api.twilio.com/2010-04-01/Accounts/AC7/Recordings/${recordingSid}`;
  const path = await recordCall(context, (call) =>
    call
      .happens({ type: 'call.received' }, { type: 'connect.ended', stream: 1, callOver: false })
      .happens(
        { type: 'record.ended', durationMs: 9_000, callOver: false },
        { type: 'recording.stored', status: 'completed', durationMs: 9_000, recordingSid, url: recordingUrl },
      ),
  );
  const { text, leaks } = scrub(read(path), options, standardAudioPath);
  expect(leaks).toEqual([]);
  expect(text).toContain('"status":"completed","durationMs":9000');
  for (const value of [recordingSid, recordingUrl]) expect(text).not.toContain(value);
});

test('what an operator ordered is scrubbed, and the same orders are taken and refused', async (context) => {
  const path = await recordCall(context, (call) =>
    call
      .happens({ type: 'call.received' }, { type: 'stream.started', streamSid: 'MZ1' }, { type: 'model.opened' })
      .agentSpeaks(600, 'Good day.')
      .happens(
        { type: 'caller.pictured', bytes: 500 },
        { type: 'operator.noted', text: 'Mrs Thistlewood is a regular.' },
        { type: 'operator.said', text: 'Doctor Marigold calls you.' },
        { type: 'operator.transferred', destination: 'nobody' },
        { type: 'operator.hungUp' },
      ),
  );
  const { text, differences, leaks } = scrub(read(path), options, standardAudioPath);
  expect({ differences, leaks }).toEqual({ differences: [], leaks: [] });
  for (const word of ['Thistlewood', 'regular', 'Marigold']) expect(text).not.toContain(word);
});

// What a thinking model says of its work is the program's own, and was taken for a caller's words: no such call could be scrubbed.
test('a call of a model that thinks is scrubbed as any other', () => {
  const { differences, leaks } = scrub(recordedFixture('thinking-before-tool'), options, standardAudioPath);
  expect({ differences, leaks }).toEqual({ differences: [], leaks: [] });
});

test('a log that was scrubbed can be scrubbed again', async (context) => {
  const { text, audio } = scrub(await recorded(context), options, standardAudioPath);
  const { differences, leaks } = scrub(readLog(text, audio), options, standardAudioPath);
  expect({ differences, leaks }).toEqual({ differences: [], leaks: [] });
});

test('numbers, ids and destinations keep their shape, and who is the same stays the same', async (context) => {
  const { text, audio } = scrub(await recorded(context), options, standardAudioPath);
  const { header, steps } = readLog(text, audio);
  expect(header.callSid).toMatch(/^CA[0-9a-f]{32}$/);
  expect(header.settings.fallback.number).toMatch(/^\+1555\d{7}$/);
  expect(header.settings.caller).toMatch(/^\+1555\d{7}$/);
  expect(Object.entries(header.settings.destinations)).toMatchObject([
    [expect.stringMatching(/^[a-z]{7}$/), { targets: [{ address: expect.stringMatching(/^\+1555\d{7}$/) }] }],
  ]);
  const ids = steps.flatMap(({ event }) => {
    if (event.type === 'model.toolCalled') return event.calls.map(({ id }) => id);
    return event.type === 'tool.finished' ? [event.id] : [];
  });
  expect(ids).toEqual([ids[0], ids[0]]);
  expect(ids[0]).toMatch(/^[a-z]{8}-[a-z]{4}-\d{4}$/);
});

test('the stand-in of the caller is as loud as the caller in every frame, so a gate for speech decides alike', async (context) => {
  const record = await recorded(context);
  const { text, audio } = scrub(record, options, standardAudioPath);
  const [before, after] = [record, readLog(text, audio)].map(({ steps }) =>
    steps.flatMap(({ event }) => (event.type === 'stream.media' ? [meanSquare(event.audio, mulawCodec)] : [])),
  );
  expect(after).toHaveLength(before?.length ?? -1);
  after?.forEach((level, index) => {
    const wanted = before?.[index] ?? Number.NaN;
    expect(Math.abs(level - wanted)).toBeLessThanOrEqual(wanted * 0.01);
  });
});

// The stand-in was a tone once, in which nobody hears a voice: a scrubbed call showed nothing of what the ear decides.
test.for([
  'hum-over-reply',
  'cough-over-reply',
  'caller-before-agent',
  'false-holds',
  'model-stops-for-hum',
  'words-said-again',
  'manual-barge-in',
])('the ear decides on the stand-in as it did on the caller: %s', (name) => {
  const record = recordedFixture(name);
  const { text, audio, leaks } = scrub(record, options, standardAudioPath);
  expect(leaks).toEqual([]);
  expect(decisionsOf(readLog(text, audio))).toEqual(decisionsOf(record));
});

test('the voices stay when that is asked for', async (context) => {
  const record = await recorded(context);
  const { text, audio, leaks } = scrub(record, { ...options, keepsAudio: true }, standardAudioPath);
  expect(leaks).toEqual([]);
  expect(soundOf(readLog(text, audio)).equals(soundOf(record))).toBe(true);
});

test('a call that orders something else than it did is told apart from other words', async (context) => {
  const record = await recorded(context);
  const steps = record.steps.map((step) => ({
    ...step,
    effects: step.effects.filter(({ type }) => type !== 'stream.clear'),
  }));
  const { differences } = scrub({ ...record, steps }, options, standardAudioPath);
  expect(differences.map(({ event }) => event.type)).toEqual(['model.interrupted']);
});

describe('the canary', () => {
  const twin = '{"event":{"type":"stream.marked","text":"xxxxxx xxxx"}}';

  test.for([
    ['a word', 'Fizuba rose', ['rose']],
    ['a word in other letters', 'Fizuba ROSE', ['rose']],
    ['a word inside another', 'primroses', ['rose']],
    ['a number', 'fizuba 4711', ['4711']],
    ["a word that is the program's own too", 'a stream of', ['stream']],
  ] as const)('finds %s', ([, text, values]) => {
    const line = twin.replace('xxxxxx xxxx', text);
    expect(leakedValues(['rose', '4711', 'stream'], ['', line], ['', twin])).toEqual(
      values.map((value) => ({ line: 2, value })),
    );
  });

  test("does not take the program's own words for the caller's", () => {
    const line = twin.replace('xxxxxx xxxx', 'fizuba ludi');
    expect(leakedValues(['stream', 'event', 'text'], [line], [twin])).toEqual([]);
  });

  test('finds a voice that stands in for itself, and takes a tone for none', () => {
    const voice = new Uint8Array(160).map((_, index) => (index * 37) % 251);
    const tone = new Uint8Array(160).map((_, index) => (index % 8 < 4 ? 0x20 : 0xa0));
    expect([isSoundLeft(voice, voice), isSoundLeft(voice, tone), isSoundLeft(tone, tone)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

function decisionsOf({ steps }: RecordedCall): unknown[] {
  const names = new Set<unknown>(['bargeIn', 'bargeInIgnored', 'agentSoftened', 'wordsSaidAgain', 'turnMarked']);
  return steps.flatMap(({ effects }) =>
    effects
      .filter(({ type, name }) => type === 'note' && names.has(name))
      .map(({ name, fields }) => [
        name,
        ...(isObject(fields) ? [fields.by, fields.why, fields.byDb, fields.cause] : []),
      ]),
  );
}

async function recorded(context: TestContext): Promise<RecordedCall> {
  return read(await recordCall(context));
}

function read(path: string): RecordedCall {
  return readLog(readFileSync(path, 'utf8'), readFileSync(path.replace('.jsonl', '.audio')));
}

function soundOf({ steps }: RecordedCall): Buffer {
  return Buffer.concat(
    steps.flatMap(({ event }) => {
      if (event.type === 'stream.media') return [event.audio];
      return event.type === 'model.audio' ? [event.pcm] : [];
    }),
  );
}
