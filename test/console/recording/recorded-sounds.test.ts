import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filterVersion } from '../../../src/audio/filters.ts';
import { writeWav } from '../../../src/audio/wav.ts';
import { recordedAudioPath } from '../../../src/console/recording/recorded-sounds.ts';
import { fingerprint, type LogHeader, logVersion } from '../../../src/calllog/log-format.ts';
import { readFillerPhrase, wordlessComfortSounds } from '../../../src/sounds/comfort-sounds.ts';
import { standardAudioPath } from '../../../src/sounds/standard-audio-path.ts';
import { callSid, settings } from '../../calllog/recorded-call.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const header: LogHeader = {
  format: 'parley-call-log',
  version: logVersion,
  callSid,
  startedAt: '2026-11-20T12:34:40.909Z',
  filters: filterVersion,
  settings,
};

test('a call with the shipped line is replayed with it, whatever FILLER_PHRASE_FILE says', () => {
  expect(recordedAudioPath(header, 'nowhere.wav')).toBe(standardAudioPath);
});

test('a call with the tone in place of the line is replayed with the tone', () => {
  const fillerPhrase = fingerprint(wordlessComfortSounds.phrase);
  expect(recordedAudioPath({ ...header, fillerPhrase }, null)?.comfortSounds).toBe(wordlessComfortSounds);
});

test('a call with a line of its own is replayed with the same file only', (context) => {
  const folder = temporaryFolder(context);
  const [own, other = null] = ['own', 'other'].map((name, index) => {
    const path = join(folder, `${name}.wav`);
    writeFileSync(
      path,
      writeWav({ sampleRateHz: 8_000, channels: 1, samples: new Int16Array(800).fill(100 + 900 * index) }),
    );
    return path;
  });
  if (own === undefined) throw new TypeError('There are two files.');
  const fillerPhrase = fingerprint(readFillerPhrase(own));
  expect(recordedAudioPath({ ...header, fillerPhrase }, own)?.comfortSounds.phrase).toEqual(readFillerPhrase(own));
  expect(recordedAudioPath({ ...header, fillerPhrase }, other)).toBeNull();
  expect(recordedAudioPath({ ...header, fillerPhrase }, null)).toBeNull();
});
