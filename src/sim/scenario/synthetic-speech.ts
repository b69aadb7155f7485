import type { MulawCodec } from '../../audio/mulaw.ts';
import type { Clip } from '../model/speech/speech-plan.ts';
import { type Formants, synthesize, type Syllable } from './formant-synthesis.ts';
import type { Sounds } from './world-scenario.ts';

/** About as loud as speech on the telephone. */
const levelDbfs = -20;

const vowels = {
  ah: [720, 1200, 2450],
  eh: [520, 1600, 2500],
  ih: [370, 1950, 2600],
  ee: [270, 2290, 3010],
  uh: [620, 1200, 2400],
  mm: [260, 1050, 2200],
} as const satisfies Record<string, Formants>;

/**
 * What the voices say again and again, from the beginning in each sound: about four syllables a second. 240 ms are whole frames of the line
 * and a whole message of the model, so equal pieces come again and a recorded call stays small. The caller says something like "ya-mees":
 * the mouth has far to go between these sounds, so that the spectrum moves as much as in recorded speech.
 */
const callerSyllables: readonly Syllable[] = [
  { ms: 240, pitchHz: [118, 142], vowels: [vowels.ee, vowels.ah], voice: 'spoken', hissMs: 0 },
  { ms: 240, pitchHz: [138, 108], vowels: [vowels.mm, vowels.ee], voice: 'spoken', hissMs: 70 },
];
const agentSyllables: readonly Syllable[] = [
  { ms: 240, pitchHz: [180, 212], vowels: [vowels.eh, vowels.ah], voice: 'spoken', hissMs: 50 },
];

const breath = { pitchHz: [100, 100], vowels: [vowels.uh, vowels.uh], voice: 'none' } as const;

/** What is said in one or two syllables, a laugh and a cough. Each is as long as its syllables; who asks for more hears it again. */
const words: Readonly<Record<string, readonly Syllable[]>> = {
  mmHm: [
    { ms: 80, pitchHz: [112, 116], vowels: [vowels.mm, vowels.mm], voice: 'hummed', hissMs: 0 },
    { ms: 80, pitchHz: [120, 126], vowels: [vowels.mm, vowels.mm], voice: 'hummed', hissMs: 0 },
  ],
  hmm: [{ ms: 340, pitchHz: [126, 106], vowels: [vowels.mm, vowels.mm], voice: 'hummed', hissMs: 0 }],
  uhHuh: [
    { ms: 160, pitchHz: [118, 112], vowels: [vowels.uh, vowels.uh], voice: 'spoken', hissMs: 0 },
    { ...breath, ms: 40, hissMs: 0 },
    { ms: 180, pitchHz: [122, 146], vowels: [vowels.uh, vowels.uh], voice: 'spoken', hissMs: 0 },
  ],
  yeah: [{ ms: 300, pitchHz: [150, 104], vowels: [vowels.ih, vowels.ah], voice: 'spoken', hissMs: 0 }],
  stop: [
    { ...breath, ms: 80, hissMs: 80 },
    { ...breath, ms: 40, hissMs: 0 },
    { ms: 120, pitchHz: [152, 124], vowels: [vowels.ah, vowels.ah], voice: 'spoken', hissMs: 0 },
    { ...breath, ms: 40, hissMs: 20 },
  ],
  wait: [
    { ms: 240, pitchHz: [136, 150], vowels: [vowels.eh, vowels.ee], voice: 'spoken', hissMs: 50 },
    { ...breath, ms: 60, hissMs: 30 },
  ],
  laugh: [
    { ...breath, ms: 120, hissMs: 120 },
    { ms: 100, pitchHz: [160, 130], vowels: [vowels.uh, vowels.ah], voice: 'spoken', hissMs: 0 },
    { ...breath, ms: 60, hissMs: 60 },
  ],
  // So slow that it moves no faster than a hum, and yet it moves.
  drawl: [{ ms: 900, pitchHz: [118, 142], vowels: [vowels.ee, vowels.ah], voice: 'spoken', hissMs: 0 }],
  // So rough that it hardly repeats itself.
  croak: Array.from({ length: 16 }, (): readonly Syllable[] => [
    { ms: 30, pitchHz: [150, 128], vowels: [vowels.ee, vowels.ah], voice: 'spoken', hissMs: 0 },
    { ...breath, ms: 30, hissMs: 30 },
  ]).flat(),
  uh: [{ ms: 80, pitchHz: [120, 112], vowels: [vowels.uh, vowels.uh], voice: 'spoken', hissMs: 0 }],
  cough: [
    { ...breath, ms: 140, hissMs: 0 },
    { ...breath, ms: 120, hissMs: 0 },
  ],
};

const usual = {
  callerMs: { yes: 300, sentence: 1200, interrupting: 1000, story: 2600, ...lengthsOf(words) },
  agentMs: { hello: 500, short: 900, long: 3200, goodbye: 600 },
};

/** Names of sounds and their lengths. */
type Lengths = Readonly<Record<string, number>>;

/**
 * Voices for calls in which the words do not matter: synthetic speech of known length, which takes next to no time to make. It has pitch,
 * syllables and formants, so whoever listens for a voice hears one. `mmHm`, `hmm`, `uhHuh`, `yeah`,
 * `stop`, `wait`, `laugh`, `drawl`, `croak`, `uh` and `cough` sound like their names.
 */
export function syntheticSpeech(
  codec: MulawCodec,
  { callerMs, agentMs }: { readonly callerMs: Lengths; readonly agentMs: Lengths } = usual,
): Sounds {
  const spoken = mulaw(callerSyllables, codec);
  const agent = new Uint8Array(tripled(synthesize(agentSyllables, levelDbfs)).buffer);
  return {
    caller: new Map(
      Object.entries(callerMs).map(([name, ms]) => {
        const word = words[name];
        return [name, repeated(word === undefined ? spoken : mulaw(word, codec), ms * 8)];
      }),
    ),
    agent: new Map(
      Object.entries(agentMs).map(([name, ms]): [string, Clip] => [
        name,
        { pcm: repeated(agent, ms * 48), text: `These are the words of ${name}.` },
      ]),
    ),
  };
}

function lengthsOf(these: Readonly<Record<string, readonly Syllable[]>>): Lengths {
  return Object.fromEntries(
    Object.entries(these).map(([name, syllables]) => [name, syllables.reduce((sum, { ms }) => sum + ms, 0)]),
  );
}

function mulaw(syllables: readonly Syllable[], codec: MulawCodec): Uint8Array {
  return new Uint8Array(synthesize(syllables, levelDbfs).map((sample) => codec.encode[sample + 32_768] ?? 0));
}

/** The same sound at three times the sampling rate: two samples on the straight line to each of it. It is heard round and round. */
function tripled(sound: Int16Array): Int16Array {
  return new Int16Array(3 * sound.length).map((_, at) => {
    const last = sound.at(Math.floor(at / 3) - 1) ?? 0;
    const next = sound[Math.floor(at / 3)] ?? 0;
    return Math.round(last + ((next - last) * ((at % 3) + 1)) / 3);
  });
}

function repeated(sound: Uint8Array, bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += sound.length) whole.set(sound.subarray(0, bytes - at), at);
  return whole;
}
