import type { MulawCodec } from '../../audio/mulaw.ts';
import type { Clip } from '../model/speech/speech-plan.ts';
import { type Formants, synthesize, type Syllable } from './formant-synthesis.ts';
import type { Sounds } from './world-scenario.ts';

/** About as loud as speech on the telephone. */
const levelDbfs = -20;

const vowels = {
  ah: [720, 1200, 2450],
  eh: [520, 1600, 2500],
  ee: [370, 1950, 2600],
  mm: [260, 1050, 2200],
} as const satisfies Record<string, Formants>;

/**
 * What the voices say again and again, from the beginning in each sound: about four syllables a second. 240 ms are whole frames of the line
 * and a whole message of the model, so equal pieces come again and a recorded call stays small.
 */
const callerSyllables: readonly Syllable[] = [
  { ms: 240, pitchHz: [118, 142], vowels: [vowels.eh, vowels.ah], lips: 'open', hissMs: 0 },
  { ms: 240, pitchHz: [138, 108], vowels: [vowels.eh, vowels.ee], lips: 'open', hissMs: 70 },
];
const agentSyllables: readonly Syllable[] = [
  { ms: 240, pitchHz: [180, 212], vowels: [vowels.eh, vowels.ah], lips: 'open', hissMs: 50 },
];

/** A hum of two soft bumps. */
const hummedSyllables: readonly Syllable[] = [
  { ms: 80, pitchHz: [112, 116], vowels: [vowels.mm, vowels.mm], lips: 'closed', hissMs: 0 },
  { ms: 80, pitchHz: [120, 126], vowels: [vowels.mm, vowels.mm], lips: 'closed', hissMs: 0 },
];

const usual = {
  callerMs: { yes: 300, sentence: 1200, interrupting: 1000, mmHm: 160, story: 2600 },
  agentMs: { hello: 500, short: 900, long: 3200, goodbye: 600 },
};

/** Names of sounds and their lengths. */
type Lengths = Readonly<Record<string, number>>;

/**
 * Voices for calls in which the words do not matter: synthetic speech of known length, which takes next to no time to make. It has pitch,
 * syllables and formants, so whoever listens for a voice hears one. A sound named `mmHm` is hummed.
 */
export function syntheticSpeech(
  codec: MulawCodec,
  { callerMs, agentMs }: { readonly callerMs: Lengths; readonly agentMs: Lengths } = usual,
): Sounds {
  const spoken = mulaw(callerSyllables, codec);
  const hummed = mulaw(hummedSyllables, codec);
  const agent = new Uint8Array(tripled(synthesize(agentSyllables, levelDbfs)).buffer);
  return {
    caller: new Map(
      Object.entries(callerMs).map(([name, ms]) => [name, repeated(name === 'mmHm' ? hummed : spoken, ms * 8)]),
    ),
    agent: new Map(
      Object.entries(agentMs).map(([name, ms]): [string, Clip] => [
        name,
        { pcm: repeated(agent, ms * 48), text: `These are the words of ${name}.` },
      ]),
    ),
  };
}

function mulaw(syllables: readonly Syllable[], codec: MulawCodec): Uint8Array {
  return Uint8Array.from(synthesize(syllables, levelDbfs), (sample) => codec.encode[sample + 32_768] ?? 0);
}

/** The same sound at three times the sampling rate: two samples on the straight line to each of it. It is heard round and round. */
function tripled(sound: Int16Array): Int16Array {
  return Int16Array.from({ length: 3 * sound.length }, (_, at) => {
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
