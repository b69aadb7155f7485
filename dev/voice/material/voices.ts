import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { readWav } from '../../../src/audio/wav.ts';

/** The half that parameters are chosen with, and the half that is only run to be printed. */
export type Half = 'tuned' | 'held-out';

/** A recorded voice of the fixtures, and where its clips come from. */
export interface RecordedVoice {
  /** Language and speaker: the name of its folder. */
  readonly voice: string;
  readonly half: Half;
  readonly language: string;
  /** The Debian package, and the folder in it. */
  readonly package: string;
  readonly folder: string;
  /** Files of the folder, or `prompts`: those that the half takes of each voice of Asterisk. */
  readonly clips: 'prompts' | readonly string[];
}

/** A recording as it is stored. */
export interface VoiceRecording {
  readonly voice: string;
  /** The name of the prompt, such as `digits-4`. */
  readonly name: string;
  /** 8 kHz mu-law. */
  readonly mulaw: Uint8Array;
}

const root = new URL('../../../fixtures/audio/voices/', import.meta.url);

const schema = z.array(
  z.strictObject({
    voice: z.string(),
    half: z.enum(['tuned', 'held-out']),
    language: z.string(),
    package: z.string(),
    folder: z.string(),
    clips: z.union([z.literal('prompts'), z.array(z.string())]),
  }),
);

/** The folder of one voice's clips. */
export function voiceFolder({ half, voice }: RecordedVoice): URL {
  return new URL(`${half}/${voice}/`, root);
}

/** Every voice that the fixtures hold. */
export function readVoices(): readonly RecordedVoice[] {
  return schema.parse(JSON.parse(readFileSync(new URL('voices.json', root), 'utf8')));
}

const read = new Map<Half, readonly VoiceRecording[]>();

/** The clips of all voices of one half, in the order of their names. They are read once. */
export function readRecordings(half: Half): readonly VoiceRecording[] {
  const recordings = read.get(half) ?? readHalf(half);
  read.set(half, recordings);
  return recordings;
}

function readHalf(half: Half): readonly VoiceRecording[] {
  return readVoices()
    .filter((voice) => voice.half === half)
    .flatMap((voice) =>
      readdirSync(voiceFolder(voice))
        .toSorted()
        .map((file) => ({
          voice: voice.voice,
          name: file.replace(/\.wav$/, ''),
          mulaw: readWav(readFileSync(new URL(file, voiceFolder(voice)))).data,
        })),
    );
}
