import { z } from 'zod';

/** How a dialled call may end, in a scenario whose times have this form. How long one rings that nobody takes is each scenario's to say. */
export function dialOutcomeForms(ms: z.ZodNumber | z.ZodInt) {
  return [
    z.strictObject({
      type: z.literal('answered'),
      ringMs: ms,
      talkMs: ms,
      presses: z
        .string()
        .regex(/^[0-9*#]$/)
        .nullable()
        .optional(),
      pressesAfterMs: ms.optional(),
      staysMs: ms.optional(),
    }),
    z.strictObject({ type: z.literal('machine'), ringMs: ms, talkMs: ms }),
    z.strictObject({ type: z.literal('busy'), afterMs: ms }),
    z.strictObject({ type: z.literal('failed'), afterMs: ms }),
  ] as const;
}
