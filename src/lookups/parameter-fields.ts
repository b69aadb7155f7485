import { z } from 'zod';

/** What the model may be asked for; more than that it fills with guesses. */
const parametersMax = 20;

/** Longer lists belong in a lookup of their own. */
const choicesMax = 100;

const choiceCharactersMax = 200;

/** Nobody says more than a few sentences to a form. */
const textCharactersMax = 2_000;

const nameForm = /^[a-z][a-z0-9_]{0,63}$/;

const types = ['text', 'number', 'integer', 'boolean'] as const;

const parameter = z
  .strictObject({
    type: z.enum(types).describe('What the value is. A date or a time is a text with a format.'),
    description: z.string().min(1).max(1_000).describe('What the value means, told to the model.'),
    optional: z.boolean().optional().describe('Whether the model may leave it out. Usually it must not.'),
    one_of: z
      .array(z.union([z.string().min(1).max(choiceCharactersMax), z.number()]))
      .min(1)
      .max(choicesMax)
      .optional()
      .describe('The only values that it may have.'),
    format: z.enum(['date', 'time']).optional().describe('Of a text: 2026-12-24, or 14:30.'),
    min: z.number().optional().describe('The smallest number.'),
    max: z.number().optional().describe('The largest number.'),
    max_length: z
      .number()
      .int()
      .min(1)
      .max(textCharactersMax)
      .optional()
      .describe('Of a text, in characters. Usually 200.'),
  })
  .superRefine(({ type, one_of: choices, format, min, max, max_length: maxLength }, context) => {
    const isText = type === 'text';
    const isNumber = type === 'number' || type === 'integer';
    const complain = (member: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [member], message });
    if (choices !== undefined) {
      if (new Set(choices).size < choices.length) complain('one_of', 'holds a value twice');
      // Gemini takes lists of texts alone, and refuses every session for another one.
      if (!isText) complain('one_of', `belongs to a text, and this is of type ${type}`);
      else if (choices.some((choice) => typeof choice !== 'string'))
        complain('one_of', 'holds what is no text; put each in quotes');
    }
    if (format !== undefined && !isText) complain('format', `belongs to a text, and this is of type ${type}`);
    if (maxLength !== undefined && !isText) complain('max_length', `belongs to a text, and this is of type ${type}`);
    if (min !== undefined && !isNumber) complain('min', `belongs to a number, and this is of type ${type}`);
    if (max !== undefined && !isNumber) complain('max', `belongs to a number, and this is of type ${type}`);
    if (min !== undefined && max !== undefined && min > max) complain('max', 'is smaller than min');
    if (format !== undefined && choices !== undefined) complain('format', 'and one_of exclude each other');
  });

/** The arguments that the model gives, by name, as `http` and `sql` take them. */
export const parameterFields = z
  .record(
    z
      .string()
      .regex(nameForm, { error: 'is no name for a parameter: it wants small letters, digits and "_", at most 64' }),
    parameter,
  )
  .refine((parameters) => Object.keys(parameters).length <= parametersMax, {
    error: `holds too many; it wants at most ${parametersMax}`,
  })
  .default({})
  .describe('What the model has to say when it calls the tool, by name.');

/** The arguments that an entry of the tools file declares. */
export type Parameters = z.output<typeof parameterFields>;
