import { z } from 'zod';
import { durationMs } from './turn.ts';

// How a model takes turns while it speaks itself (GM-TURN-5), as data.

/** What a sound of the caller is to a listener. `aside`: said to somebody else in the room. */
export const callerSoundKind = z.enum(['speech', 'backchannel', 'aside', 'noise']);

export type CallerSoundKind = z.output<typeof callerSoundKind>;

/** A probability, 0 to 1. */
const chance = z.number().min(0).max(1);

const turnTakingForm = z.strictObject({
  /** How much of a sound the model needs before it makes anything of it: ms of audio since its onset. */
  noticeMs: durationMs,
  /** When it stops for a sound, ms of audio after the onset: evenly spread from the first to the second. */
  stopsAfterMs: z.tuple([durationMs, durationMs]),
  /** How often it stops for each kind of sound. */
  stopsFor: z.strictObject({ speech: chance, backchannel: chance, aside: chance, noise: chance }),
  /** How often it answers speech that it has not stopped for, once its own turn is over. Else, and all other kinds, it never hears. */
  answersLate: chance,
  /** How long audio of a cut turn may still come after `interrupted`: shares and ms, both rising. The share beyond the last has no end. */
  lateAudio: z
    .array(z.tuple([chance, durationMs]))
    .refine((shares) => shares.every(([share], index) => share > (shares[index - 1]?.[0] ?? 0)), 'Shares must rise'),
});

/** How a model takes turns: chances and times, drawn by a seed. */
export type TurnTaking = z.output<typeof turnTakingForm>;

/**
 * - `gemini`: as Gemini Live was measured (GM-TURN-5, GM-TURN-4). It stops for half of the interruptions, of whose rest it answers half when
 *   its turn is over, and ignores most backchannels.
 * - `gptRealtime`: stops for whatever is said (GM-TURN-5).
 * - `ideal`: stops for what is meant for it, and for nothing else.
 *
 * Nobody has measured how often either stops for coughs and noise: these chances are assumptions.
 */
const profiles = {
  gemini: {
    noticeMs: 450,
    stopsAfterMs: [450, 1_050],
    stopsFor: { speech: 0.52, backchannel: 0.11, aside: 0.52, noise: 0.1 },
    answersLate: 0.5,
    lateAudio: [
      [0.5, 18],
      [0.9, 183],
      [0.95, 1_960],
      [0.98, 3_000],
    ],
  },
  gptRealtime: {
    noticeMs: 200,
    stopsAfterMs: [400, 600],
    stopsFor: { speech: 1, backchannel: 0.98, aside: 0.98, noise: 0.5 },
    answersLate: 1,
    lateAudio: [[1, 0]],
  },
  ideal: {
    noticeMs: 200,
    stopsAfterMs: [200, 300],
    stopsFor: { speech: 1, backchannel: 0, aside: 0, noise: 0 },
    answersLate: 1,
    lateAudio: [[1, 0]],
  },
} as const satisfies Record<string, z.input<typeof turnTakingForm>>;

const profileNames = ['gemini', 'gptRealtime', 'ideal'] as const satisfies readonly (keyof typeof profiles)[];

/** A profile by its name, or one of one's own. */
export const turnTakingSchema = z.union([
  z.enum(profileNames).transform((name): TurnTaking => turnTakingForm.parse(profiles[name])),
  turnTakingForm,
]);
