import { isJsonObject } from '../../../src/encoding/json.ts';
import type { CallerScriptInput } from '../../../src/sim/caller/caller-script.ts';
import type { SocketSession } from '../../../src/sim/model/hosts/model-session.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { levelsDb } from '../../tone.ts';

const callCount = 20;

/** How much weaker every tone must be that belongs to another call. */
const distanceDb = 20;

/** A tone of 400 Hz crosses zero every 1.25 ms. */
const gapMsMax = 5;

/** The tones of twenty calls. Odd steps, so that no tone is a multiple of another: the codec's distortion lies on the multiples. */
export const agentTonesHz = Array.from({ length: callCount }, (_, index) => 401 + 97 * index);
export const callerTonesHz = agentTonesHz.map((hz) => hz + 41);
const tonesHz = [...agentTonesHz, ...callerTonesHz];

/** Which tones a call and its session have heard of each other. */
export interface TonePair {
  readonly agentHz: readonly number[];
  readonly callerHz: readonly number[];
}

export function byAgent(one: TonePair, other: TonePair): number {
  return (one.agentHz[0] ?? 0) - (other.agentHz[0] ?? 0);
}

/** A caller who hears the agent out, over the pauses that a busy machine makes in a tone, answers with a tone, and hangs up. */
export function speaksItsTone(hz: number): CallerScriptInput {
  const listens = [{ waitFor: 'agentSpeaking' }, { waitFor: 'agentQuiet', ms: 1500 }] as const;
  return { steps: [...listens, { tone: { hz, ms: 800 } }, { pauseMs: 200 }, { hangUp: true }] };
}

/** A session is known by the words of its clip, and by the caller's tone that it received. */
export function sessionTones(session: SocketSession): TonePair {
  return { agentHz: agentTonesOf(session), callerHz: loudTones(samplesOfPcm(session.audioReceived()), 16_000) };
}

/** The tones that a session has said, by their words. */
export function agentTonesOf({ timeline }: SocketSession): number[] {
  const said = new Set(timeline.map(({ message }) => wordsIn(message)));
  return agentTonesHz.filter((hz) => said.has(`${hz}`));
}

/** What a message of the model says in words. */
function wordsIn(message: unknown): unknown {
  const content = isJsonObject(message) ? message['serverContent'] : null;
  const transcription = isJsonObject(content) ? content['outputTranscription'] : null;
  return isJsonObject(transcription) ? transcription['text'] : null;
}

/** What a caller with this tone has heard. */
export function heardTones(heard: Uint8Array, callerHz: number): TonePair {
  return { agentHz: loudTones(samplesOfMulaw(heard), 8000), callerHz: [callerHz] };
}

/** How much of what a caller heard is sound. A tone is counted without the moments in which it crosses zero. */
export function soundMs(heard: Uint8Array): number {
  return samplesOfMulaw(heard).filter((sample) => Math.abs(sample) >= 0.01).length / 8;
}

/** A machine may be so busy that a session is not set up in time. The call then has another one, and asks that one to greet. */
export function isInUse({ timeline }: SocketSession): boolean {
  return timeline.some(({ message }) => isJsonObject(message) && 'clientContent' in message);
}

/** The tones in a sound that stand out: all others are weaker than the loudest by the distance. */
function loudTones(samples: Float64Array, sampleRateHz: number): number[] {
  const levels = levelsDb(longestSound(samples, sampleRateHz), sampleRateHz, tonesHz);
  const loudest = Math.max(...levels);
  return tonesHz.filter((_, index) => (levels[index] ?? 0) > loudest - distanceDb);
}

/** The longest stretch without a gap: a tone that begins or, on a busy machine, breaks off within it would spill into its neighbours. */
function longestSound(samples: Float64Array, sampleRateHz: number): Float64Array {
  const gapMax = gapMsMax * (sampleRateHz / 1000);
  let longest = { from: 0, to: 0 };
  let from = 0;
  let last = 0;
  samples.forEach((sample, at) => {
    if (Math.abs(sample) < 0.01) return;
    if (at - last > gapMax) from = at;
    last = at;
    if (last - from > longest.to - longest.from) longest = { from, to: last };
  });
  return samples.subarray(longest.from, longest.to);
}

function samplesOfPcm(pcm: Uint8Array): Float64Array {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  return Float64Array.from({ length: pcm.length / 2 }, (_, at) => view.getInt16(at * 2, true) / 32_768);
}

function samplesOfMulaw(audio: Uint8Array): Float64Array {
  return Float64Array.from(audio, (code) => (mulawCodec.decode[code] ?? 0) / 32_768);
}
