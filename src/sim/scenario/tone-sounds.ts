import type { MulawCodec } from '../../audio/mulaw.ts';
import { rmsOfLevel, sineOfTurns } from '../caller/sound.ts';
import type { Clip } from '../model/speech/speech-plan.ts';
import type { Sounds } from './world-scenario.ts';

/** About as loud as speech on the telephone. */
const levelDbfs = -20;

/** Whole periods fit into a frame of 20 ms, so equal frames are equal bytes and a recorded call stays small. */
const callerHz = 400;
const agentHz = 500;

const usual = {
  callerMs: { yes: 300, sentence: 1200, interrupting: 1000, mmHm: 160, story: 2600 },
  agentMs: { hello: 500, short: 900, long: 3200, goodbye: 600 },
};

/** Names of sounds and their lengths. */
type Lengths = Readonly<Record<string, number>>;

/** Voices for calls in which the words do not matter: tones of known length, which take no time to make. */
export function toneSounds(
  codec: MulawCodec,
  { callerMs, agentMs }: { readonly callerMs: Lengths; readonly agentMs: Lengths } = usual,
): Sounds {
  const callerTone = tone(callerHz, 8000, Math.max(...Object.values(callerMs))).map((sample) => sample + 32_768);
  const callerCodes = Uint8Array.from(callerTone, (index) => codec.encode[index] ?? 0);
  const agentTone = new Uint8Array(Int16Array.from(tone(agentHz, 24_000, Math.max(...Object.values(agentMs)))).buffer);
  return {
    caller: new Map(Object.entries(callerMs).map(([name, ms]) => [name, callerCodes.subarray(0, ms * 8)])),
    agent: new Map(
      Object.entries(agentMs).map(([name, ms]): [string, Clip] => [
        name,
        { pcm: agentTone.subarray(0, ms * 48), text: `These are the words of ${name}.` },
      ]),
    ),
  };
}

function tone(hz: number, sampleRateHz: number, ms: number): number[] {
  const amplitude = rmsOfLevel(levelDbfs) * Math.SQRT2;
  const period = Array.from({ length: sampleRateHz / hz }, (_, at) =>
    Math.round(amplitude * sineOfTurns((at * hz) / sampleRateHz)),
  );
  return Array.from({ length: (sampleRateHz * ms) / 1000 }, (_, at) => period[at % period.length] ?? 0);
}
