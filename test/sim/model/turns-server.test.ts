import { expect, test } from 'vitest';
import { encodeBase64 } from '../../../src/encoding/base64.ts';
import type { TurnTaking } from '../../../src/sim/model/script/turn-taking.ts';
import { until } from '../../until.ts';
import { connect, greeting, serving } from './sdk-client.ts';

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
  const speak = (ms: number, peak: number) =>
    client.session.sendRealtimeInput({
      audio: { data: encodeBase64(tone(ms, peak)), mimeType: 'audio/pcm;rate=16000' },
    });
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

/** A square wave of 16 kHz. */
function tone(ms: number, peak: number): Uint8Array {
  return new Uint8Array(Int16Array.from({ length: 16 * ms }, (_, i) => (i % 40 < 20 ? peak : -peak)).buffer);
}
