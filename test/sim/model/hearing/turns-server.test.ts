import { describe, expect, test } from 'vitest';
import { encodeBase64 } from '../../../../src/encoding/base64.ts';
import type { TurnTaking } from '../../../../src/sim/model/script/turn-taking.ts';
import { until } from '../../../until.ts';
import { connect, greeting, serving } from '../sdk-client.ts';

const profile: TurnTaking = {
  noticeMs: 400,
  stopsAfterMs: [400, 400],
  stopsFor: { speech: 1, backchannel: 0, aside: 0, noise: 0 },
  answersLate: 0,
  lateAudio: [[1, 0]],
};

/** The story takes minutes, so that somebody can speak over it on any machine. */
const story = { turns: [{ steps: [{ say: 'goodbye', speed: 0.01 }] }], latencyMs: 0, setupMs: 0 };

test('the SDK is interrupted by speech, and not by a backchannel of which the host has told', async () => {
  const server = await serving({ ...story, turnTaking: profile, sounds: { 'mm-hm': 'backchannel' } });
  const client = await connect(server.url);
  const speak = (ms: number, peak: number) => client.session.sendRealtimeInput({ audio: sound(ms, peak) });
  client.session.sendClientContent(greeting);
  await client.until((message) => message.serverContent?.modelTurn !== undefined);
  for (const [clip, fate] of [
    ['mm-hm', 'unheard'],
    ['wait', 'stops'],
  ] as const) {
    server.callerSays(clip);
    speak(1000, 0);
    for (let pieces = 0; pieces < 10; pieces++) speak(80, 3277);
    speak(1000, 0);
    const overlap = await until('the model makes up its mind', () =>
      server.sessions[0]?.report().overlaps.find((each) => each.clip === clip),
    );
    expect(overlap.fate).toBe(fate);
  }
  await client.until((message) => message.serverContent?.interrupted === true);
  expect(client.received.filter((message) => message.serverContent?.interrupted === true)).toHaveLength(1);
});

describe('the SDK without automatic detection', () => {
  const manual = {
    realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
    inputAudioTranscription: {},
  };
  const script = {
    turns: [{ heard: 'Are you there?', steps: [{ say: 'goodbye', text: 'I am.' }] }],
    setupMs: 0,
    latencyMs: 0,
  };

  test('is answered once it has marked the end of a turn', async () => {
    const server = await serving({ ...script, speed: 100 });
    const client = await connect(server.url, manual);
    const { session, received } = client;
    session.sendRealtimeInput({ activityStart: {} });
    session.sendRealtimeInput({ audio: sound(400, 3277) });
    session.sendRealtimeInput({ activityEnd: {} });
    await client.until((message) => message.serverContent?.generationComplete === true);
    const heard = received.map((message) => message.serverContent?.inputTranscription?.text ?? '').join('');
    const said = received.map((message) => message.serverContent?.outputTranscription?.text ?? '').join('');
    await client.until((message) => message.serverContent?.inputTranscription !== undefined);
    expect(said).toBe('I am.');
    expect('Are you there?'.startsWith(heard)).toBe(true);
    expect(server.sessions[0]?.violations).toEqual([]);
  });

  test('interrupts the model by the beginning of a turn', async () => {
    const server = await serving({ ...story, turns: [...story.turns, ...script.turns] });
    const client = await connect(server.url, manual);
    const { session } = client;
    session.sendClientContent(greeting);
    await client.until((message) => message.serverContent?.modelTurn !== undefined);
    session.sendRealtimeInput({ activityStart: {} });
    await client.until((message) => message.serverContent?.interrupted === true);
    session.sendRealtimeInput({ audio: sound(400, 3277) });
    session.sendRealtimeInput({ activityEnd: {} });
    await client.until((message) => message.serverContent?.outputTranscription?.text?.includes('am.') === true);
    expect(server.sessions[0]?.violations).toEqual([]);
  });

  test.each([
    ['text inside a turn', manual, [{ activityStart: {} }, { text: 'Hello?' }], /invalid argument/],
    ['audioStreamEnd', manual, [{ audioStreamEnd: true }], /invalid argument/],
    ['a mark where the service detects speech', {}, [{ activityStart: {} }], /Explicit activity control/],
  ])('is closed with 1007 for %s', async (_what, config, inputs, reason) => {
    const server = await serving(script);
    const { session } = await connect(server.url, config);
    for (const input of inputs) session.sendRealtimeInput(input);
    const end = await until('the service closes', () => server.sessions[0]?.report().end);
    expect(end.by).toMatchObject({ code: 1007, reason: expect.stringMatching(reason) });
  });
});

function sound(ms: number, peak: number) {
  return { data: encodeBase64(tone(ms, peak)), mimeType: 'audio/pcm;rate=16000' };
}

/** A square wave of 16 kHz. */
function tone(ms: number, peak: number): Uint8Array {
  return new Uint8Array(Int16Array.from({ length: 16 * ms }, (_, i) => (i % 40 < 20 ? peak : -peak)).buffer);
}
