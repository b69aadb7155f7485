import type { Half, VoiceRecording } from '../material/voices.ts';
import { atLevel } from './level.ts';
import { callProgress, keys } from './line-tones.ts';
import { music, type Style } from './music.ts';
import { clicks, coughs, fan, hum, knocks, metro, street } from './noises.ts';
import { addAt, type NextFraction, fractionsOf, samplesOf, telephoneBand, whiteNoise } from './signal.ts';
import { babble, talker } from './talkers.ts';

/** A kind of sound that is not the caller. All but the talkers are synthetic. */
export type SoundKind =
  | 'silence'
  | 'white noise'
  | 'fan'
  | 'hum'
  | 'street'
  | 'metro'
  | 'babble'
  | 'television'
  | 'knocks'
  | 'clicks'
  | 'coughs'
  | 'keys'
  | 'ringback'
  | 'busy'
  | 'music';

type MakeSound = (seconds: number, draw: NextFraction, clips: readonly VoiceRecording[]) => Float64Array;

const piano: Style = {
  beatsPerMinute: 96,
  shares: [1, 0.5, 0.3, 0.15, 0.1],
  riseMs: 4,
  fallMs: 400,
  voices: 3,
  drums: false,
  scale: [0, 2, 4, 5, 7, 9, 11],
  groundHz: 262,
};

const synthesizer: Style = {
  beatsPerMinute: 124,
  shares: [1, 0.7, 0.5, 0.4, 0.3, 0.25, 0.2],
  riseMs: 25,
  fallMs: 900,
  voices: 4,
  drums: true,
  scale: [0, 2, 3, 5, 7, 8, 10],
  groundHz: 220,
};

function television(style: Style, draw: NextFraction, seconds: number, clips: readonly VoiceRecording[]): Float64Array {
  const sound = talker(seconds, draw, clips, [0.2, 1.5]);
  addAt(sound, 0, atLevel(music(seconds, draw, style), -30));
  return sound;
}

const makers: Readonly<Record<Half, Readonly<Record<SoundKind, MakeSound>>>> = {
  tuned: {
    silence: (seconds) => new Float64Array(samplesOf(seconds)),
    'white noise': (seconds, draw) => whiteNoise(samplesOf(seconds), draw),
    fan: (seconds, draw) => fan(seconds, draw, 11),
    hum: (seconds, draw) => hum(seconds, draw, 60),
    street: (seconds, draw) => street(seconds, draw, { roarHz: 500, carsPerMinute: 14, hornHz: 420 }),
    metro: (seconds, draw) => metro(seconds, draw, { rumbleHz: 350, squealHz: 1900, jointMs: 850 }),
    babble: (seconds, draw, clips) => babble(seconds, draw, clips, 6),
    television: (seconds, draw, clips) => television(piano, draw, seconds, clips),
    knocks: (seconds, draw) => knocks(seconds, draw, [400, 1200]),
    clicks: (seconds, draw) => clicks(seconds, draw, 3),
    coughs: (seconds, draw) => coughs(seconds, draw, 900),
    keys: (seconds, draw) => keys(seconds, draw, [80, 200]),
    ringback: (seconds) => callProgress(seconds, [{ hz: [440, 480], onMs: 2_000, offMs: 4_000 }]),
    busy: (seconds) => callProgress(seconds, [{ hz: [480, 620], onMs: 500, offMs: 500 }]),
    music: (seconds, draw) => music(seconds, draw, piano),
  },
  'held-out': {
    silence: (seconds) => new Float64Array(samplesOf(seconds)),
    'white noise': (seconds, draw) => whiteNoise(samplesOf(seconds), draw),
    fan: (seconds, draw) => fan(seconds, draw, 23),
    hum: (seconds, draw) => hum(seconds, draw, 50),
    street: (seconds, draw) => street(seconds, draw, { roarHz: 800, carsPerMinute: 25, hornHz: 350 }),
    metro: (seconds, draw) => metro(seconds, draw, { rumbleHz: 500, squealHz: 1450, jointMs: 620 }),
    babble: (seconds, draw, clips) => babble(seconds, draw, clips, 8),
    television: (seconds, draw, clips) => television(synthesizer, draw, seconds, clips),
    knocks: (seconds, draw) => knocks(seconds, draw, [600, 1800]),
    clicks: (seconds, draw) => clicks(seconds, draw, 5),
    coughs: (seconds, draw) => coughs(seconds, draw, 1300),
    keys: (seconds, draw) => keys(seconds, draw, [50, 400]),
    // Most of Europe, and the two rings of Britain.
    ringback: (seconds) =>
      callProgress(seconds, [
        { hz: [425], onMs: 1_000, offMs: 4_000 },
        { hz: [400, 450], onMs: 400, offMs: 200 },
        { hz: [400, 450], onMs: 400, offMs: 2_000 },
      ]),
    // Busy, and the three tones before "no such number".
    busy: (seconds) =>
      callProgress(seconds, [
        { hz: [425], onMs: 250, offMs: 250 },
        { hz: [425], onMs: 500, offMs: 500 },
        { hz: [950], onMs: 330, offMs: 0 },
        { hz: [1400], onMs: 330, offMs: 0 },
        { hz: [1800], onMs: 330, offMs: 1_000 },
      ]),
    music: (seconds, draw) => music(seconds, draw, synthesizer),
  },
};

/** Every kind, in the order of the tables. */
export const soundKinds: readonly SoundKind[] = [
  'silence',
  'white noise',
  'fan',
  'hum',
  'street',
  'metro',
  'babble',
  'television',
  'knocks',
  'clicks',
  'coughs',
  'keys',
  'ringback',
  'busy',
  'music',
];

/** What an order of a sound names. The same order gives the same samples; talkers speak the clips. */
export interface SoundOrder {
  readonly kind: SoundKind;
  readonly half: Half;
  readonly seconds: number;
  readonly seed: number;
  /** Its active level. */
  readonly dbfs: number;
  readonly clips: readonly VoiceRecording[];
}

/** A sound of the telephone band. */
export function makeSound({ kind, half, seconds, seed, dbfs, clips }: SoundOrder): Float64Array {
  return atLevel(telephoneBand(makers[half][kind](seconds, fractionsOf(seed), clips)), dbfs);
}
