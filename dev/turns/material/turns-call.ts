import type { Half } from '../../voice/material/voices.ts';
import { readRecordings } from '../../voice/material/voices.ts';
import { atLevel, speechSpan } from '../../voice/sounds/level.ts';
import { addAt, between, burst, fractionsOf, type NextFraction, samplesOf } from '../../voice/sounds/signal.ts';
import { makeSound } from '../../voice/sounds/sounds.ts';
import { backgroundOf } from './background.ts';
import { sentences, shortWords, type Spoken, voicesOf } from './spoken.ts';
import type { Happening, TurnRow } from './turn-rows.ts';

/** The active level of callers, in dBFS. */
const callerDbfs = [-26, -18] as const;

/** From the agent's first word to what happens, in ms: the agent has words for at least as long afterwards. */
const afterMs = [1_200, 4_000] as const;

/** What happens in one call. */
export const eventsPerCall = 6;

/** Questions that the caller has ready beside them. */
const questionsPerCall = 8;

/** Bursts beside a regular line: one in so many seconds, so many dB under the caller. */
const burstSeconds = [10, 25] as const;
const burstUnderDb = [0, 6] as const;

/** What is said with a closed mouth; the other backchannels are words. */
const hums: ReadonlySet<string> = new Set(['hmm', 'mm-hm']);

/** A piece of sound of the caller's line, in samples of PCM16. */
export interface PlannedSound {
  /** What it is, for whoever reads about it. */
  readonly name: string;
  readonly sound: Float64Array;
  /** From where to where it is loud, in ms. */
  readonly onsetMs: number;
  readonly endMs: number;
}

/** What happens once the agent has spoken for a while. */
export interface PlannedEvent extends PlannedSound {
  readonly afterMs: number;
}

/** Everything about one call that is drawn. The same order gives the same call. */
export interface TurnsCall {
  readonly row: TurnRow;
  readonly half: Half;
  readonly seed: number;
  readonly callerVoice: string;
  readonly agentVoice: string;
  /** Under everything, over and over again. */
  readonly background: Float64Array;
  /** Draws the frames that are lost; null for a line that loses none. */
  readonly lossSeed: number | null;
  /** How much softer the agent's own voice comes back, as a factor; 0 for no echo. */
  readonly echoGain: number;
  readonly questions: readonly PlannedSound[];
  readonly events: readonly PlannedEvent[];
}

/** Draws a call of a row, in which so many things happen at most. */
export function drawCall(row: TurnRow, half: Half, seed: number, eventsMax = eventsPerCall): TurnsCall {
  const draw = fractionsOf(seed * 7_919 + nameNumber(row.name));
  const voices = voicesOf(half).toSorted((one, other) => drawOf(one, seed) - drawOf(other, seed));
  const [callerVoice = '', agentVoice = ''] = voices;
  const levelDbfs = between(draw, ...callerDbfs);
  const background = backgroundOf({ half, line: row.line, draw, levelDbfs, apart: [callerVoice, agentVoice] }).slice();
  if (row.line === 'regular') addBursts(background, levelDbfs, draw);
  const speaker = { half, voice: callerVoice, levelDbfs, draw };
  return {
    row,
    half,
    seed,
    callerVoice,
    agentVoice,
    background,
    lossSeed: row.line === 'regular' ? Math.floor(1e6 * draw()) : null,
    echoGain: row.happening.type === 'echo' ? 10 ** (-row.happening.underDb / 20) : 0,
    questions: Array.from({ length: questionsPerCall }, () => said(speaker)),
    events: Array.from({ length: row.when === 'greeting' ? 1 : eventsMax }, () => ({
      ...happens(row.happening, speaker, agentVoice),
      afterMs: row.when === 'greeting' ? between(draw, 500, 2_000) : between(draw, ...afterMs),
    })),
  };
}

interface Speaker {
  readonly half: Half;
  readonly voice: string;
  readonly levelDbfs: number;
  readonly draw: NextFraction;
}

function happens(happening: Happening, speaker: Speaker, agentVoice: string): PlannedSound {
  const { half, draw, levelDbfs } = speaker;
  switch (happening.type) {
    case 'sentence':
      return said(speaker);
    case 'word':
      return spoken(oneOf(draw, shortWords(half, 'stop')), levelDbfs);
    case 'backchannel':
      return spoken(oneOf(draw, backchannels(half, happening.isHum)), levelDbfs);
    case 'cough': {
      const isRecorded = draw() < 0.5;
      if (isRecorded) return spoken(oneOf(draw, shortWords(half, 'cough')), levelDbfs);
      return sounds(speaker, { type: 'sound', kinds: ['coughs'], seconds: 2, underDb: [0, 6] });
    }
    case 'echo':
      return { name: 'echo', sound: new Float64Array(0), onsetMs: 0, endMs: 3_000 };
    case 'others': {
      const others = voicesOf(half).filter((voice) => voice !== speaker.voice && voice !== agentVoice);
      const voice = oneOf(draw, others) ?? agentVoice;
      return said({ ...speaker, voice, levelDbfs: levelDbfs - happening.underDb });
    }
    case 'sound':
      return sounds(speaker, happening);
  }
}

function sounds(
  { half, draw, levelDbfs }: Speaker,
  { kinds, seconds, underDb }: Extract<Happening, { type: 'sound' }>,
): PlannedSound {
  const kind = oneOf(draw, kinds) ?? 'white noise';
  const seed = Math.floor(1e6 * draw());
  const dbfs = levelDbfs - between(draw, ...underDb);
  // What sounds only now and then is cut to its first sound, so that it begins when it is due.
  const long = makeSound({ kind, half, seconds: seconds + 5, seed, dbfs, clips: readRecordings(half) });
  const { onset } = speechSpan(long);
  const sound = long.slice(onset, onset + samplesOf(seconds));
  const { end } = speechSpan(sound);
  return { name: kind, sound, onsetMs: 0, endMs: end / 8 };
}

function said({ half, voice, levelDbfs, draw }: Speaker): PlannedSound {
  const own = sentences(half).filter((one) => one.voice === voice);
  return spoken(oneOf(draw, own), levelDbfs);
}

function backchannels(half: Half, isHum: boolean): readonly Spoken[] {
  return shortWords(half, 'backchannel').filter(({ name }) => hums.has(name) === isHum);
}

function spoken(one: Spoken | undefined, dbfs: number): PlannedSound {
  if (one === undefined) throw new RangeError('Nobody has recorded this.');
  const gain = 10 ** (dbfs / 20);
  const { voice, name, sound, onsetMs, endMs } = one;
  return { name: `${voice} ${name}`, sound: sound.map((sample) => gain * sample), onsetMs, endMs };
}

function addBursts(background: Float64Array, levelDbfs: number, draw: NextFraction): void {
  for (let at = samplesOf(between(draw, ...burstSeconds)); at < background.length;) {
    const made = burst(draw, between(draw, 400, 1800), between(draw, 0.5, 3), 400, between(draw, 8, 90));
    addAt(background, at, atLevel(made, levelDbfs - between(draw, ...burstUnderDb)));
    at += samplesOf(between(draw, ...burstSeconds));
  }
}

function oneOf<T>(draw: NextFraction, items: readonly T[]): T | undefined {
  return items[Math.floor(draw() * items.length)];
}

/** Another order of the voices for each seed. */
function drawOf(name: string, seed: number): number {
  return fractionsOf(nameNumber(name) + 31 * seed)();
}

function nameNumber(name: string): number {
  let number = 0;
  for (const char of name) number = (number * 33 + (char.codePointAt(0) ?? 0)) % 1_000_003;
  return number;
}
