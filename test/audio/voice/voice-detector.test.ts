import { expect, test } from 'vitest';
import { codec } from '../../../dev/audio/codec.ts';
import { parleyContender } from '../../../dev/voice/detectors/parley.ts';
import { encoded } from '../../../dev/voice/lines/encoded.ts';
import { makeNoiseLine } from '../../../dev/voice/lines/noise-line.ts';
import { readRecordings } from '../../../dev/voice/material/voices.ts';
import { readWords, type WordRecording } from '../../../dev/voice/material/words.ts';
import { atLevel, speechSpan } from '../../../dev/voice/sounds/level.ts';
import { addAt, fractionsOf, samplesOf, telephoneBand, whiteNoise } from '../../../dev/voice/sounds/signal.ts';
import { decoded } from '../../../dev/voice/sounds/talkers.ts';
import { VoiceDetector } from '../../../src/audio/voice/voice-detector.ts';
import type { VoiceNews } from '../../../src/audio/voice/voice-hearing.ts';

const nothing = new Uint8Array(0);

/** A sentence at −22 dBFS in noise so many dB softer, after two seconds of noise alone, and when it begins in ms. */
function sentenceIn(noiseDb: number): { near: Uint8Array; onsetMs: number; endMs: number } {
  const recording = readRecordings('tuned').find(({ voice, name }) => voice === 'it-carlo' && name === 'dir-first');
  const speech = atLevel(decoded(recording?.mulaw ?? nothing), -22);
  const { onset, end } = speechSpan(speech);
  const lead = samplesOf(2);
  const sound = atLevel(whiteNoise(lead + speech.length + samplesOf(1), fractionsOf(2)), -22 - noiseDb);
  addAt(sound, lead, speech);
  return { near: encoded(sound), onsetMs: (lead + onset) / 8, endMs: (lead + end) / 8 };
}

function newsOf(near: Uint8Array, detector = new VoiceDetector(codec)): { atMs: number; news: VoiceNews }[] {
  const told: { atMs: number; news: VoiceNews }[] = [];
  for (let at = 0; at < near.length; at += 160) {
    const news = detector.push(near.subarray(at, at + 160), nothing);
    if (news !== null) told.push({ atMs: at / 8 + 20, news });
  }
  return told;
}

test.for([30, 15, 10])('a sentence %i dB over noise is heard within 120 ms, and ends with its hangover', (snrDb) => {
  const { near, onsetMs, endMs } = sentenceIn(snrDb);
  const told = newsOf(near);
  expect(told[0]?.news).toBe('onset');
  // What is soft of it comes before.
  expect(told[0]?.atMs).toBeGreaterThan(onsetMs - 60);
  expect(told[0]?.atMs).toBeLessThanOrEqual(onsetMs + 120);
  expect(told.at(-1)?.news).toBe('offset');
  // Its last syllable is soft.
  expect(told.at(-1)?.atMs).toBeGreaterThan(endMs - 300);
  expect(told.at(-1)?.atMs).toBeLessThan(endMs + 600);
});

test.for(['silence', 'white noise', 'fan', 'hum', 'clicks', 'keys', 'ringback', 'busy'] as const)(
  'nobody is heard in %s',
  async (sound) => {
    const { near, far } = makeNoiseLine('tuned', sound, 20, 1);
    expect(await parleyContender.hear(near, far)).toEqual({ onsetsMs: [], offsetsMs: [] });
  },
);

test('nobody is heard in a quiet echo of our own voice, and somebody would be if we did not know it', async () => {
  const { near, far } = makeNoiseLine('tuned', 'echo 30 dB softer', 30, 1);
  const { onsetsMs } = await parleyContender.hear(near, far);
  const unknowing = await parleyContender.hear(
    near,
    far.map(() => 0xff),
  );
  expect(onsetsMs).toEqual([]);
  expect(unknowing.onsetsMs.length).toBeGreaterThan(5);
});

test('lost frames neither begin nor end speech, and a line that falls silent ends it', () => {
  const { near, onsetMs } = sentenceIn(30);
  const inSpeech = 160 * Math.floor((onsetMs + 400) / 20);
  const lost = near.slice().fill(0xff, inSpeech, inSpeech + 480);
  expect(newsOf(lost)).toEqual(newsOf(near));
  const cut = near.slice().fill(0x7f, inSpeech);
  const [, offset] = newsOf(cut);
  // Three frames may be lost, then the hangover of 300 ms begins.
  expect(offset?.news).toBe('offset');
  expect(offset?.atMs).toBeLessThanOrEqual(inSpeech / 8 + 360);
  expect(offset?.atMs).toBeGreaterThan(inSpeech / 8 + 300);
});

// What was heard of a line that is silent to the last bit between words was all speech, and became the noise that speech was held against.
test('a caller is heard again and again on a line that is silent in between', () => {
  const recording = readRecordings('tuned').find(({ voice, name }) => voice === 'en-allison' && name === 'digits-5');
  const speech = atLevel(decoded(recording?.mulaw ?? nothing), -20);
  const { onset, end } = speechSpan(speech);
  const said = encoded(speech.subarray(onset, end));
  const turn = new Uint8Array(160 * (Math.ceil(said.length / 160) + 40)).fill(0xff);
  turn.set(said);
  const detector = new VoiceDetector(codec);
  const onsetsMs = Array.from({ length: 20 }, () => newsOf(turn, detector)[0]?.atMs ?? Infinity);
  // The first sound of a line is taken for its noise.
  for (const onsetMs of onsetsMs.slice(1)) expect(onsetMs).toBeLessThanOrEqual(120);
});

test('somebody far softer than the caller is not the caller', () => {
  const { near } = sentenceIn(40);
  const softer = encoded(decoded(near).map((sample) => sample * 0.1));
  const alone = newsOf(softer);
  expect(alone.map(({ news }) => news)).toContain('onset');
  const detector = new VoiceDetector(codec);
  newsOf(near, detector);
  expect(newsOf(softer, detector)).toEqual([]);
});

test('a frame that is too short is followed by silence', () => {
  const detector = new VoiceDetector(codec);
  expect(detector.push(Uint8Array.of(0, 1, 2), nothing)).toBe(null);
  expect(detector.push(nothing, nothing)).toBe(null);
  expect(detector.isSpeaking).toBe(false);
});

/** What the detector makes of a word at -22 dBFS on a quiet line, once it is over. */
function heardWord({ mulaw }: WordRecording): VoiceDetector {
  const word = atLevel(telephoneBand(decoded(mulaw)), -22);
  const lead = samplesOf(1);
  const sound = whiteNoise(lead + word.length + samplesOf(1), fractionsOf(5)).map((sample) => 20 * sample);
  addAt(sound, lead, word);
  const detector = new VoiceDetector(codec);
  newsOf(encoded(sound), detector);
  return detector;
}

const isHum = ({ said }: WordRecording): boolean => said === 'hmm' || said === 'mm-hm';

test('most hums of people are no more than that by their sound, and words are more', () => {
  const words = readWords('tuned', 'backchannel').filter(({ made }) => made !== 'synthetic');
  const hums = words.filter(isHum).map((word) => heardWord(word).isHumLike);
  expect(hums.filter(Boolean).length).toBeGreaterThanOrEqual(0.75 * hums.length);
  const stops = readWords('tuned', 'stop').map((word) => heardWord(word).isHumLike);
  expect(stops.filter(Boolean).length).toBeLessThanOrEqual(0.1 * stops.length);
});

test('how much was voice is known until somebody speaks again', () => {
  const word = readWords('tuned', 'stop').find(
    ({ speaker, said }) => speaker === 'en-mobster' && said === 'cut-it-out',
  );
  const detector = heardWord(
    word ?? { kind: 'stop', speaker: '', language: '', said: '', made: 'recorded', mulaw: nothing },
  );
  expect(detector.isSpeaking).toBe(false);
  // It is 0.57 s long, with pauses for its "t"s.
  expect(detector.voicedMs).toBeGreaterThan(200);
  expect(detector.voicedMs).toBeLessThan(600);
});

test('noise that sets in is soon no voice, and none of it is voiced', () => {
  const quiet = whiteNoise(samplesOf(2), fractionsOf(6)).map((sample) => 20 * sample);
  const loud = whiteNoise(samplesOf(3), fractionsOf(7)).map((sample) => 2_000 * sample);
  const detector = new VoiceDetector(codec);
  newsOf(encoded(Float64Array.from([...quiet, ...loud])), detector);
  expect(detector.isSpeaking).toBe(false);
  expect(detector.voicedMs).toBeLessThanOrEqual(120);
});
