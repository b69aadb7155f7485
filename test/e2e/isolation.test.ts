import { expect, test } from 'vitest';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';
import type { PhoneCall } from '../../src/sim/carrier/hosts/phone.ts';
import type { SocketSession } from '../../src/sim/model/hosts/model-session.ts';
import { isJsonObject } from '../../src/encoding/json.ts';
import { until } from '../until.ts';
import { levelsDb, toneClip } from '../tone.ts';
import { ServiceScene } from './service-scene.ts';

const callCount = 20;

/** How much weaker every tone must be that belongs to another call. */
const distanceDb = 20;

/** A tone of 400 Hz crosses zero every 1.25 ms. */
const gapMsMax = 5;

// Odd steps, so that no tone is a multiple of another: the codec's distortion lies on the multiples.
const agentTonesHz = Array.from({ length: callCount }, (_, index) => 401 + 97 * index);
const callerTonesHz = agentTonesHz.map((hz) => hz + 41);
const tonesHz = [...agentTonesHz, ...callerTonesHz];

test('twenty calls at once each hear their own model and nobody else', async (context) => {
  const clips = new Map(agentTonesHz.map((hz) => [`${hz}`, toneClip(hz, 800, `${hz}`)]));
  const phones: PhoneCall[] = [];
  const scene = await ServiceScene.open(context, {
    model: {
      clips,
      script: () => ({ turns: [{ steps: [{ say: `${agentTonesHz[phones.length - 1]}` }] }], setupMs: 0, latencyMs: 0 }),
    },
  });
  for (const hz of callerTonesHz) {
    const listens = [{ waitFor: 'agentSpeaking' }, { waitFor: 'agentQuiet', ms: 200 }] as const;
    phones.push(
      scene.call({ script: { steps: [...listens, { tone: { hz, ms: 800 } }, { pauseMs: 200 }, { hangUp: true }] } }),
    );
    // One session after the other, so that each is known to be of the call that was placed last.
    await until('the session is set up', () => scene.model.sessions.filter(isInUse).length === phones.length);
  }
  const reports = await Promise.all(phones.map(({ ended }) => ended));

  // A session is known by the words of its clip, and by the caller's tone that it received.
  const sessionPairs = scene.model.sessions.filter(isInUse).map((session) => ({
    agentHz: tonesHz.filter((hz) => JSON.stringify(session.timeline).includes(`"text":"${hz}"`)),
    callerHz: loudTones(samplesOfPcm(session.audioReceived()), 16_000),
  }));
  const callPairs = reports.map(({ heard }, index) => ({
    agentHz: loudTones(samplesOfMulaw(heard), 8000),
    callerHz: callerTonesHz.slice(index, index + 1),
  }));
  const byAgent = (one: (typeof callPairs)[0], other: typeof one): number =>
    (one.agentHz[0] ?? 0) - (other.agentHz[0] ?? 0);
  expect(sessionPairs.toSorted(byAgent)).toEqual(callPairs.toSorted(byAgent));
  expect(callPairs.flatMap(({ agentHz }) => agentHz).toSorted((a, b) => a - b)).toEqual(agentTonesHz);
});

/** A machine may be so busy that a session is not set up in time. The call then has another one, and asks that one to greet. */
function isInUse({ timeline }: SocketSession): boolean {
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
