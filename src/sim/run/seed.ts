import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import { seededScenario } from '../seeds/seeded-scenario.ts';
import { syntheticSpeech } from '../scenario/synthetic-speech.ts';
import { parseWorldScenario, type WorldScenario } from '../scenario/world-scenario.ts';
import { simulateCall, type SimulatedCall, type SimulateOptions } from './call.ts';
import { SimulationStory } from './story.ts';

/** The voices of all calls that are drawn or written down for fixtures. */
export const sounds = syntheticSpeech(mulawCodec);

/** A call that broke something, ready to be told. */
export interface SeedFailure {
  readonly seed: number;
  readonly broken: readonly string[];
  readonly story: string;
}

/** The scenario of a seed. */
export function scenarioOfSeed(seed: number): WorldScenario {
  return parseWorldScenario(seededScenario(seed), sounds);
}

/** Plays the call of one seed; `failure` is null when everything held. */
export function runSeed(
  seed: number,
  makeCall?: SimulateOptions['makeCall'],
): { call: SimulatedCall; failure: SeedFailure | null } {
  const options = makeCall === undefined ? {} : { makeCall };
  const call = simulateCall(scenarioOfSeed(seed), options);
  if (call.broken.length === 0) return { call, failure: null };
  // Few calls break, so only those pay for their story: the same call once more.
  const story = new SimulationStory();
  simulateCall(scenarioOfSeed(seed), { ...options, observer: story });
  return { call, failure: { seed, broken: call.broken, story: story.lastSeconds() } };
}

/** What a reader needs of a failure: the seed, what broke, the last seconds, and how to see it again. */
export function failureText({ seed, broken, story }: SeedFailure): string {
  return [
    `Seed ${seed}: ${broken.join('; ')}.`,
    story,
    `Reproduce it with: npm run simulate -- --seed ${seed}`,
    `Keep it with:      npm run simulate -- --seed ${seed} --save <folder>`,
  ].join('\n');
}
