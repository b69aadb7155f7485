import type { TurnDetection } from '../../../src/call/call-settings.ts';
import type { BargeInParameters } from '../../../src/call/turns/barge-in-rule.ts';
import type { ScriptInput } from '../../../src/sim/model/script/script.ts';
import type { Happening, TurnRow } from '../material/turn-rows.ts';

/** How a model takes turns: profiles of the simulated model. */
export const profileNames = ['gemini', 'gptRealtime', 'ideal'] as const;
export type ProfileName = (typeof profileNames)[number];

/** The model of a call: how it takes turns, and who tells it when the caller speaks. `rule`: what of barge-in is not as usual. */
export interface TurnsModel {
  readonly profile: ProfileName;
  readonly turnDetection: TurnDetection;
  readonly rule: Partial<BargeInParameters>;
}

/** From the end of the caller's turn to the first audio: what no host can change, in ms. */
export const modelLatencyMs = 900;

/** What each happening is to somebody who listens. */
const heardAs = {
  sentence: 'speech',
  word: 'speech',
  backchannel: 'backchannel',
  cough: 'noise',
  sound: 'noise',
  others: 'aside',
  echo: 'noise',
} as const satisfies Record<Happening['type'], string>;

/** The part of a script that makes the simulated model take turns so. The caller names what happens `event`. */
export function modelProfile(profile: ProfileName, { happening }: TurnRow): Partial<ScriptInput> {
  return {
    latencyMs: modelLatencyMs,
    heardMs: 300,
    turnTaking: profile,
    sounds: { event: heardAs[happening.type] },
  };
}
