import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { writeWav } from '../../src/audio/wav.ts';
import { loadConfig } from '../../src/config/load/load-config.ts';
import { ParleyError } from '../../src/errors.ts';
import { fingerprint } from '../../src/calllog/log-format.ts';
import {
  readFillerPhrase,
  serviceComfortSounds,
  shippedComfortSounds,
  wordlessComfortSounds,
} from '../../src/sounds/comfort-sounds.ts';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';
import { startService } from '../../src/service/start-service.ts';
import { isJsonObject, parseJson } from '../../src/encoding/json.ts';
import { ServiceScene } from '../e2e/service-scene.ts';
import { LogLines } from '../log-lines.ts';
import { levelsDb } from '../tone.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const samplesPerMs = 8;
const blipMs = 140;
const blipEveryMs = 700;

/** In a line of the admin's: no even part of 8 kHz, so that it meets many codes of mu-law. */
const toneHz = 1_013;

describe('the shipped tone', () => {
  const tone = decoded(shippedComfortSounds.tone);
  const blips = [0, 1, 2, 3].map((index) => piece(tone, index * blipEveryMs, blipMs));

  test('lasts from 1.5 s to 3.9 s of a silence', () => {
    expect(tone).toHaveLength(2_400 * samplesPerMs);
  });

  test('has four notes of -30 dBFS, a major third apart in turn, and nothing between them', () => {
    expect(blips.map(rmsDb)).toEqual(blips.map(() => expect.closeTo(-30, 1)));
    const notes = blips.map((blip) => levelsDb(blip, 8_000, [523.25, 659.26]));
    expect(notes.map(([low = 0, high = 0]) => (low > high + 20 ? 'low' : high > low + 20 ? 'high' : 'both'))).toEqual([
      'low',
      'high',
      'low',
      'high',
    ]);
    const pauses = [0, 1, 2, 3].map((index) => piece(tone, index * blipEveryMs + blipMs, blipEveryMs - blipMs));
    expect(pauses.map(peak)).toEqual([0, 0, 0, 0]);
  });

  test('begins and ends each note without a click', () => {
    for (const blip of blips) {
      const loudest = peak(blip);
      expect(peak(piece(blip, 0, 4))).toBeLessThan(loudest / 20);
      expect(peak(piece(blip, blipMs - 4, 4))).toBeLessThan(loudest / 20);
    }
    // No step is larger than those of the higher note itself at its loudest, but for the grain of mu-law.
    const ownStep = peak(tone) * 2 * Math.sin((Math.PI * 659.26) / 8_000);
    expect(stepMax(tone)).toBeLessThan(ownStep * 1.1);
  });
});

describe('the shipped line', () => {
  const line = decoded(shippedComfortSounds.phrase);

  test('is as loud as the agent, is not clipped, and is over before the next tone', () => {
    expect(rmsDb(piece(line, 30, line.length / samplesPerMs - 60))).toBeCloseTo(-20, 0);
    expect(20 * Math.log10(peak(line))).toBeLessThan(-3);
    expect(line.length).toBeLessThanOrEqual(1_400 * samplesPerMs);
    expect(line.length).toBeGreaterThan(1_000 * samplesPerMs);
  });

  test('has 30 ms of silence at both ends', () => {
    expect(peak(piece(line, 0, 30))).toBe(0);
    expect(peak(piece(line, line.length / samplesPerMs - 30, 30))).toBe(0);
    expect(peak(piece(line, 30, 30))).toBeGreaterThan(0);
  });
});

describe('a line of the admin', () => {
  test.for([8_000, 24_000])('of %d Hz is heard at its own pitch, length and level', (sampleRateHz, context) => {
    const path = wavFile(context, { sampleRateHz, ms: 2_500 });
    const line = decoded(readFillerPhrase(path));
    // The filter's own 3.6 ms come behind the words.
    expect(line.length / samplesPerMs).toBeCloseTo(sampleRateHz === 8_000 ? 2_500 : 2_503.625, 5);
    expect(rmsDb(piece(line, 100, 800))).toBeCloseTo(-20, 1);
    expect(levelsDb(piece(line, 100, 800), 8_000, [toneHz])).toEqual([expect.closeTo(-17, 0)]);
  });

  test.for([
    [{ sampleRateHz: 16_000 }, 'is in pcm16, with 1 channel of 16000 Hz'],
    [{ channels: 2 }, 'is in pcm16, with 2 channels of 8000 Hz'],
    [{ ms: 2_510 }, 'lasts 2.51 seconds'],
    [{ ms: 0 }, 'holds no sound'],
  ] as const)('is refused with its file and what it is: %j', ([changes, what], context) => {
    const path = wavFile(context, changes);
    expect(refusal(() => readFillerPhrase(path))).toBe(
      `FILLER_PHRASE_FILE names ${path}, which ${what}. It wants a WAV file in PCM16, one channel, 8000 or 24000 Hz, of at most 2.5 seconds.`,
    );
  });

  test('is refused when it is missing, or no sound at all', (context) => {
    const path = join(temporaryFolder(context), 'line.mp3');
    expect(refusal(() => readFillerPhrase(path))).toContain(
      `FILLER_PHRASE_FILE names ${path}, which cannot be read: it does not exist. `,
    );
    writeFileSync(path, 'ID3 and so on');
    expect(refusal(() => readFillerPhrase(path))).toContain(
      'which is no WAV file that Parley can read: Not a WAV file',
    );
  });

  test('is refused before the service answers anything', async (context) => {
    const path = wavFile(context, { channels: 2 });
    const config = loadConfig({ PORT: '0', FILLER_PHRASE_FILE: path });
    const starts = startService(config, { tools: new Map(), log: new LogLines().logger });
    await expect(starts).rejects.toThrow(`FILLER_PHRASE_FILE names ${path}`);
  });
});

describe('an agent', () => {
  test.for([{}, { AGENT_LANGUAGE: 'en-GB' }, { AGENT_LANGUAGE: 'English' }])(
    'that may speak English has the shipped line: %j',
    (env) => {
      const log = new LogLines();
      expect(serviceComfortSounds(loadConfig(env).agent, log.logger)).toBe(shippedComfortSounds);
      expect(log.all).toEqual([]);
    },
  );

  test('of another language has the tone instead of the line, which the log says once', () => {
    const log = new LogLines();
    expect(serviceComfortSounds(loadConfig({ AGENT_LANGUAGE: 'de-AT' }).agent, log.logger)).toBe(wordlessComfortSounds);
    expect(wordlessComfortSounds.phrase).toEqual(shippedComfortSounds.tone);
    expect(log.all).toMatchObject([{ level: 'info', msg: 'fillerPhraseIsTone', language: 'Austrian German' }]);
  });

  test('of another language with a line of its own has that one, and nothing is said', (context) => {
    const log = new LogLines();
    const path = wavFile(context, {});
    const config = loadConfig({ AGENT_LANGUAGE: 'de-AT', FILLER_PHRASE_FILE: path });
    const { tone, phrase } = serviceComfortSounds(config.agent, log.logger);
    expect(tone).toBe(shippedComfortSounds.tone);
    expect(phrase).toEqual(readFillerPhrase(path));
    expect(log.all).toEqual([]);
  });
});

test.for([
  ['de-AT', fingerprint(shippedComfortSounds.tone)],
  ['en-GB', undefined],
] as const)(
  'the log of a call in %s says which line it had, unless it was the shipped one',
  async ([language, fillerPhrase], context) => {
    const folder = temporaryFolder(context);
    const scene = await ServiceScene.open(context, { env: { RECORD_DIR: folder, AGENT_LANGUAGE: language } });
    await scene.call({ script: { steps: [{ hangUp: true }] } }).ended;
    await scene.service.stop(0);
    const name = readdirSync(folder).find((file) => file.endsWith('.jsonl')) ?? 'no log';
    const header = parseJson(readFileSync(join(folder, name), 'utf8').split('\n')[0] ?? '');
    expect(header).toMatchObject({ format: 'parley-call-log' });
    expect(isJsonObject(header) ? header.fillerPhrase : header).toBe(fillerPhrase);
  },
);

interface WavChanges {
  readonly sampleRateHz?: number;
  readonly channels?: number;
  readonly ms?: number;
}

/** A file with a tone of -20 dBFS RMS. */
function wavFile(context: TestContext, { sampleRateHz = 8_000, channels = 1, ms = 500 }: WavChanges): string {
  const samples = Int16Array.from({ length: (ms * sampleRateHz * channels) / 1_000 }, (_, index) =>
    Math.round(4_634 * Math.sin((2 * Math.PI * toneHz * Math.floor(index / channels)) / sampleRateHz)),
  );
  const path = join(temporaryFolder(context), 'line.wav');
  writeFileSync(path, writeWav({ sampleRateHz, channels, samples }));
  return path;
}

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ParleyError && error.code === 'config.invalid') return error.message;
    throw error;
  }
  return 'nothing was refused';
}

/** Samples from -1 to 1. */
function decoded(mulaw: Uint8Array): Float64Array {
  return Float64Array.from(mulaw, (code) => (mulawCodec.decode[code] ?? 0) / 32_768);
}

function piece(sound: Float64Array, fromMs: number, ms: number): Float64Array {
  return sound.subarray(fromMs * samplesPerMs, (fromMs + ms) * samplesPerMs);
}

function peak(sound: Float64Array): number {
  return sound.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0);
}

function stepMax(sound: Float64Array): number {
  return sound.reduce((largest, sample, at) => Math.max(largest, Math.abs(sample - (sound[at - 1] ?? 0))), 0);
}

function rmsDb(sound: Float64Array): number {
  return 10 * Math.log10(sound.reduce((sum, sample) => sum + sample * sample, 0) / sound.length);
}
