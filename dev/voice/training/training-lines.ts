import type { VoiceRecording } from '../material/voices.ts';
import { encoded, loseFrames } from '../lines/encoded.ts';
import { layUtterances } from '../lines/utterances.ts';
import { activePower, atLevel, fromDb } from '../sounds/level.ts';
import { callProgress, keys } from '../sounds/line-tones.ts';
import { music } from '../sounds/music.ts';
import { clicks, coughs, fan, hum, knocks, metro, street } from '../sounds/noises.ts';
import {
  addAt,
  between,
  filtered,
  fractionsOf,
  type NextFraction,
  samplesOf,
  telephoneBand,
  whiteNoise,
} from '../sounds/signal.ts';
import { babble } from '../sounds/talkers.ts';

type Clips = readonly VoiceRecording[];

/** A line to learn from. */
export interface TrainingLine {
  /** 8 kHz mu-law. */
  readonly near: Uint8Array;
  /** When somebody speaks, in ms. */
  readonly spans: readonly { readonly onsetMs: number; readonly endMs: number }[];
  /** How much more than usual it counts that nobody is heard where nobody speaks. */
  readonly weight: number;
  /** The caller alone, at 0 dBFS active level. */
  readonly clean: Float64Array;
}

const snrsDb = [5, 10, 10, 15, 20] as const;
const speechDbfs = [-30, -14] as const;
const aloneDbfs = [-40, -18] as const;
const clipsPerLine = 8;

/** Who speaks in the background is a voice as well: that it is not the caller counts less. */
const babbleWeight = 0.4;
const aloneSeconds = 60;

/** One line of five has frames missing. */
const lossyShare = 0.2;

/** Noise that sets in lasts so long, and so does the quiet after it, in seconds. */
const burstSeconds = [1, 4] as const;

/** Noises with figures drawn anew each time, so that none is learned by heart. */
const noises: Readonly<Record<string, (seconds: number, draw: NextFraction, others: Clips) => Float64Array>> = {
  white: (seconds, draw) => whiteNoise(samplesOf(seconds), draw),
  dull: (seconds, draw) => filtered(whiteNoise(samplesOf(seconds), draw), 'low', between(draw, 400, 3000)),
  fan: (seconds, draw) => fan(seconds, draw, between(draw, 6, 30)),
  hum: (seconds, draw) => hum(seconds, draw, draw() < 0.5 ? 50 : 60),
  street: (seconds, draw) =>
    street(seconds, draw, {
      roarHz: between(draw, 300, 1000),
      carsPerMinute: between(draw, 8, 30),
      hornHz: between(draw, 300, 500),
    }),
  metro: (seconds, draw) =>
    metro(seconds, draw, {
      rumbleHz: between(draw, 250, 600),
      squealHz: between(draw, 1200, 2200),
      jointMs: between(draw, 550, 950),
    }),
  babble: (seconds, draw, others) => babble(seconds, draw, others, 5 + Math.floor(5 * draw())),
  none: (seconds) => new Float64Array(samplesOf(seconds)),
};

/** Sounds that are heard without a caller, and how much each counts. */
const alone: Readonly<
  Record<string, readonly [weight: number, make: (seconds: number, draw: NextFraction) => Float64Array]>
> = {
  ...Object.fromEntries(
    (['white', 'dull', 'fan', 'hum', 'street', 'metro'] as const).map((kind) => [
      kind,
      [1, (seconds, draw) => noises[kind]?.(seconds, draw, []) ?? new Float64Array(0)],
    ]),
  ),
  knocks: [2, (seconds, draw) => knocks(seconds, draw, [between(draw, 300, 700), between(draw, 1000, 2000)])],
  coughs: [2, (seconds, draw) => coughs(seconds, draw, between(draw, 700, 1500))],
  clicks: [1, (seconds, draw) => clicks(seconds, draw, between(draw, 2, 6))],
  keys: [1, (seconds, draw) => keys(seconds, draw, [50, 400])],
  tones: [1, tones],
  music: [5, anyMusic],
};

/** So many rounds of lines: each recording is said once in a round, and each sound is heard alone for a minute. */
export function* makeTrainingLines(voices: ReadonlyMap<string, Clips>, rounds: number): Generator<TrainingLine> {
  for (let round = 1; round <= rounds; round++) {
    for (const [at, voice] of [...voices.keys()].entries()) {
      const draw = fractionsOf(1000 * round + at);
      const own = (voices.get(voice) ?? [])
        .map((clip) => ({ clip, place: draw() }))
        .toSorted((one, other) => one.place - other.place)
        .map(({ clip }) => clip);
      const others = [...voices.values()].flat().filter((clip) => clip.voice !== voice);
      for (let first = 0; first < own.length; first += clipsPerLine)
        yield spokenLine(own.slice(first, first + clipsPerLine), others, draw);
    }
    for (const [at, kind] of Object.keys(alone).entries()) yield aloneLine(kind, fractionsOf(1000 * round + 500 + at));
  }
}

function spokenLine(own: Clips, others: Clips, draw: NextFraction): TrainingLine {
  const kinds = Object.keys(noises);
  const kind = kinds[Math.floor(draw() * kinds.length)] ?? 'none';
  const snrDb = snrsDb[Math.floor(draw() * snrsDb.length)] ?? 10;
  const levelDbfs = between(draw, ...speechDbfs);
  const { speeches, spans, end } = layUtterances(own, levelDbfs, draw);
  const seconds = Math.ceil(end / 8000) + 1;
  const near = new Float64Array(samplesOf(seconds));
  const clean = new Float64Array(near.length);
  for (const { at, speech } of speeches) {
    addAt(near, at, speech);
    addAt(clean, at, speech, 10 ** (-levelDbfs / 20));
  }
  const noise = telephoneBand(noises[kind]?.(seconds, draw, others) ?? new Float64Array(0));
  const power = activePower(noise);
  if (power > 0) addAt(near, 0, noise, Math.sqrt((32_768 ** 2 * fromDb(levelDbfs - snrDb)) / power));
  addAt(near, 0, whiteNoise(near.length, draw), lineNoise(draw));
  const line = encoded(near);
  const weight = kind === 'babble' ? babbleWeight : 1;
  return { near: draw() < lossyShare ? loseFrames(line, draw) : line, spans, weight, clean };
}

function aloneLine(kind: string, draw: NextFraction): TrainingLine {
  const [weight, make] = alone[kind] ?? [1, tones];
  const sound = atLevel(telephoneBand(make(aloneSeconds, draw)), between(draw, ...aloneDbfs));
  const near = draw() < 0.5 ? sound : broken(sound, draw);
  addAt(near, 0, whiteNoise(near.length, draw), lineNoise(draw));
  return { near: encoded(near), spans: [], weight, clean: new Float64Array(near.length) };
}

/** How loud the line itself is, as an amplitude of PCM16: one of four is silent to the last bit. */
function lineNoise(draw: NextFraction): number {
  return Math.max(0, between(draw, -3, 9));
}

/** A sound that sets in and ends all at once, time and again. */
function broken(sound: Float64Array, draw: NextFraction): Float64Array {
  const pieces = new Float64Array(sound.length);
  for (let at = samplesOf(between(draw, ...burstSeconds)); at < sound.length;) {
    const end = at + samplesOf(between(draw, ...burstSeconds));
    addAt(pieces, at, sound.subarray(at, end));
    at = end + samplesOf(between(draw, ...burstSeconds));
  }
  return pieces;
}

function tones(seconds: number, draw: NextFraction): Float64Array {
  const low = between(draw, 380, 450);
  const hz = draw() < 0.5 ? [low] : [low, between(draw, 450, 640)];
  return callProgress(seconds, [{ hz, onMs: between(draw, 200, 2_000), offMs: between(draw, 200, 4_000) }]);
}

function anyMusic(seconds: number, draw: NextFraction): Float64Array {
  return music(seconds, draw, {
    beatsPerMinute: between(draw, 80, 140),
    shares: [1, between(draw, 0.4, 0.8), between(draw, 0.2, 0.6), between(draw, 0.1, 0.4), 0.2, 0.1],
    riseMs: between(draw, 3, 40),
    fallMs: between(draw, 300, 1_000),
    voices: 3 + Math.floor(2 * draw()),
    drums: draw() < 0.5,
    scale: draw() < 0.5 ? [0, 2, 4, 5, 7, 9, 11] : [0, 2, 3, 5, 7, 8, 10],
    groundHz: between(draw, 180, 330),
  });
}
