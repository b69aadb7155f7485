import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readWav } from '../../../src/audio/wav.ts';
import type { Half } from './voices.ts';

/** What a short sound of a caller is: a word of agreement or a hum, a word that asks the agent to stop, or no word at all. */
export type WordKind = 'backchannel' | 'stop' | 'cough';

const speakerSchema = z.strictObject({
  /** Language and speaker. */
  speaker: z.string(),
  half: z.enum(['tuned', 'held-out']),
  language: z.string(),
  /** The Debian package, and the folder in it; of eSpeak NG the name of the voice. */
  package: z.string(),
  folder: z.string(),
  clips: z.array(
    z.strictObject({
      kind: z.enum(['backchannel', 'stop', 'cough']),
      said: z.string(),
      /** A file of the folder; of eSpeak NG what it reads. */
      file: z.string(),
      /** Said by a person, made of a hum that a person has said, or said by a machine. */
      made: z.enum(['recorded', 'spliced', 'synthetic']),
    }),
  ),
});

/** Who says short words in the fixtures, and where the clips come from. */
export type WordSpeaker = z.infer<typeof speakerSchema>;
export type WordClip = WordSpeaker['clips'][number];

/** A short word as it is stored. */
export interface WordRecording {
  readonly kind: WordKind;
  readonly speaker: string;
  readonly language: string;
  /** What is said, such as `mm-hm`. */
  readonly said: string;
  readonly made: WordClip['made'];
  /** 8 kHz mu-law. */
  readonly mulaw: Uint8Array;
}

const root = new URL('../../../fixtures/audio/words/', import.meta.url);

/** Every speaker of short words. */
export function readWordSpeakers(): readonly WordSpeaker[] {
  return z.array(speakerSchema).parse(JSON.parse(readFileSync(new URL('words.json', root), 'utf8')));
}

/** The name of a clip's file in its half: the kind is its folder; what no person has said as it is bears that in its name. */
export function wordFile({ speaker }: WordSpeaker, { kind, said, made }: WordClip): string {
  return `${kind}/${speaker}-${said}${made === 'recorded' ? '' : `-${made}`}.wav`;
}

/** The folder of a half. */
export function wordFolder(half: Half): URL {
  return new URL(`${half}/`, root);
}

/** The short words of one kind in one half, in the order of `words.json`. */
export function readWords(half: Half, kind: WordKind): readonly WordRecording[] {
  return readWordSpeakers()
    .filter((speaker) => speaker.half === half)
    .flatMap((speaker) =>
      speaker.clips
        .filter((clip) => clip.kind === kind)
        .map((clip) => ({
          kind,
          speaker: speaker.speaker,
          language: speaker.language,
          said: clip.said,
          made: clip.made,
          mulaw: readWav(readFileSync(new URL(wordFile(speaker, clip), wordFolder(half)))).data,
        })),
    );
}
