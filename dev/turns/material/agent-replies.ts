import { AgentDownsampler } from '../../../src/audio/resample-down.ts';
import type { Clip } from '../../../src/sim/model/speech/speech-plan.ts';
import { codec } from '../../audio/codec.ts';
import { type Half, readRecordings } from '../../voice/material/voices.ts';
import { atLevel } from '../../voice/sounds/level.ts';
import { addAt, between, fractionsOf, samplesOf, whiteNoise } from '../../voice/sounds/signal.ts';
import { decoded } from '../../voice/sounds/talkers.ts';

/** The greeting and the replies of one agent. No reply follows itself, so that each is known by its sound. */
export const greetingName = 'greeting';
export const replyNames = ['reply 1', 'reply 2', 'reply 3', 'reply 4', 'reply 5', 'reply 6'] as const;

/** How long they are, in seconds: long enough for something to happen while the agent still has words. */
const greetingSeconds = 4;
const replySeconds = 14;

const levelDbfs = -20;

/** From one sentence to the next, in seconds. */
const pauseSeconds = [0.1, 0.35] as const;

/**
 * A noise under the agent's voice, as an amplitude of PCM16: -52 dBFS. It tells a pause of the agent from a line on which nothing is played,
 * and one moment of it from every other.
 */
const breathAmplitude = 80;

const sampleBytes = 2;
const upFactor = 3;

/** What an agent can say: as the model sends it, and as the caller hears it. */
export interface AgentReplies {
  readonly clips: ReadonlyMap<string, Clip>;
  /** 8 kHz mu-law by name. */
  readonly heard: ReadonlyMap<string, Uint8Array>;
}

const made = new Map<string, AgentReplies>();

/** Recorded speech of one voice of a half, made once. */
export function agentReplies(half: Half, voice: string): AgentReplies {
  const key = `${half} ${voice}`;
  const replies = made.get(key) ?? makeReplies(half, voice);
  made.set(key, replies);
  return replies;
}

function makeReplies(half: Half, voice: string): AgentReplies {
  const recordings = readRecordings(half).filter((one) => one.voice === voice);
  const draw = fractionsOf(recordings.length);
  const clips = new Map<string, Clip>();
  const heard = new Map<string, Uint8Array>();
  let next = 0;
  for (const name of [greetingName, ...replyNames]) {
    const sound = new Float64Array(samplesOf(name === greetingName ? greetingSeconds : replySeconds));
    for (let at = 0; at < sound.length;) {
      const recording = recordings[next++ % recordings.length];
      if (recording === undefined) break;
      const speech = atLevel(decoded(recording.mulaw), levelDbfs);
      addAt(sound, at, speech);
      at += speech.length + samplesOf(between(draw, ...pauseSeconds));
    }
    addAt(sound, 0, whiteNoise(sound.length, draw), breathAmplitude);
    const pcm = wideband(sound);
    clips.set(name, { pcm, text: wordsOf(name, sound.length / samplesOf(1)) });
    heard.set(name, narrowband(pcm));
  }
  return { clips, heard };
}

/** Two and a half words a second, each with a name of its own. */
function wordsOf(name: string, seconds: number): string {
  return Array.from({ length: Math.round(2.5 * seconds) }, (_, word) => `${name.replace(' ', '')}word${word}`).join(
    ' ',
  );
}

/** PCM16 at 24 kHz: straight lines between the samples, whose images the audio path filters out. */
function wideband(sound: Float64Array): Uint8Array {
  const pcm = new Uint8Array(upFactor * sampleBytes * sound.length);
  const view = new DataView(pcm.buffer);
  for (let at = 0; at < upFactor * sound.length; at++) {
    const from = Math.floor(at / upFactor);
    const share = (at % upFactor) / upFactor;
    const sample = (1 - share) * (sound[from] ?? 0) + share * (sound[from + 1] ?? 0);
    view.setInt16(sampleBytes * at, Math.max(-32_768, Math.min(32_767, Math.round(sample))), true);
  }
  return pcm;
}

/** As the audio path gives it to the caller. */
function narrowband(pcm: Uint8Array): Uint8Array {
  const path = new AgentDownsampler(codec);
  const heard = path.push(pcm);
  return Uint8Array.from([...heard, ...path.flush()]);
}
