import type { ScriptInput } from '../../../src/sim/model/script/script.ts';

/** How a model takes turns. */
export const profileNames = ['gemini', 'gptRealtime', 'ideal'] as const;
export type ProfileName = (typeof profileNames)[number];

/** From the end of the caller's turn to the first audio: what no host can change, in ms. */
export const modelLatencyMs = 900;

/** The part of a script that makes the simulated model take turns so. */
export function modelProfile(profile: ProfileName, _seed: number): Partial<ScriptInput> {
  return { latencyMs: modelLatencyMs, heardMs: 300, deafToMs: profile === 'gemini' ? 450 : 0 };
}
