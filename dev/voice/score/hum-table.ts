import { VoiceDetector } from '../../../src/audio/voice/voice-detector.ts';
import { codec } from '../../audio/codec.ts';
import { encoded } from '../lines/encoded.ts';
import { type Half, readRecordings } from '../material/voices.ts';
import { readWords } from '../material/words.ts';
import { atLevel } from '../sounds/level.ts';
import { addAt, frameSamples, samplesOf, telephoneBand } from '../sounds/signal.ts';
import { makeSound } from '../sounds/sounds.ts';
import { decoded } from '../sounds/talkers.ts';
import { tableHead, tableRow } from './voice-tables.ts';

const speechDbfs = -22;
const snrsDb = [40, 15] as const;

/** Noise before and after what is said. */
const aroundSeconds = 1;

/** By so much voice a rule may have to decide, in ms. */
const decidedMs = 320;

const nothing = new Uint8Array(0);

const isHum = (said: string): boolean => said === 'hmm' || said === 'mm-hm';

/** A table of how often what is said is no more than a hum by its sound: at its end, or once there is enough of it to decide. */
export function humTable(half: Half): string {
  const backchannels = readWords(half, 'backchannel');
  const rows: readonly (readonly [name: string, clips: readonly { readonly mulaw: Uint8Array }[]])[] = [
    ['hums', backchannels.filter(({ said }) => isHum(said))],
    ['words of agreement', backchannels.filter(({ said }) => !isHum(said))],
    ['words that stop the agent', readWords(half, 'stop')],
    ['sentences and other words', readRecordings(half)],
  ];
  return [
    tableHead(['no more than a hum', ...snrsDb.map((db) => `${db} dB over a street`)]),
    ...rows.map(([name, clips]) =>
      tableRow([
        name,
        ...snrsDb.map((snrDb) => {
          const hums = clips.filter(({ mulaw }, seed) => isHeardAsHum(half, mulaw, snrDb, seed));
          return `${hums.length} of ${clips.length}`;
        }),
      ]),
    ),
  ].join('\n');
}

function isHeardAsHum(half: Half, mulaw: Uint8Array, snrDb: number, seed: number): boolean {
  const speech = atLevel(telephoneBand(decoded(mulaw)), speechDbfs);
  const around = samplesOf(aroundSeconds);
  const frames = Math.ceil((speech.length + 2 * around) / frameSamples);
  const seconds = (frames * frameSamples) / samplesOf(1);
  const sound = makeSound({ kind: 'street', half, seconds, seed, dbfs: speechDbfs - snrDb, clips: [] });
  addAt(sound, around, speech);
  const line = encoded(sound);
  const detector = new VoiceDetector(codec);
  for (let at = 0; at < line.length; at += frameSamples) {
    detector.push(line.subarray(at, at + frameSamples), nothing);
    if (at > around && detector.isSpeaking && detector.voicedMs >= decidedMs) break;
  }
  return detector.isHumLike;
}
