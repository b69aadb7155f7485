import { z } from 'zod';

import type { Parameters } from './parameter-fields.ts';

/** A name, an address or a sentence. */
const textCharactersUsual = 200;

/** Makes of the parameters of an entry what checks the model's arguments, and what the model is told of them. */
export function declaredParameters(parameters: Parameters): z.ZodObject {
  return z.object(
    Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, argument(parameter)])),
  );
}

function argument(parameter: Parameters[string]): z.ZodType {
  const type = typeOf(parameter).describe(parameter.description);
  return parameter.optional === true ? type.optional() : type;
}

function typeOf({ type, one_of: choices, format, min, max, max_length: charactersMax }: Parameters[string]): z.ZodType {
  switch (type) {
    case 'text':
      if (choices !== undefined) return z.enum(choices.map(String));
      if (format === 'date') return z.iso.date();
      if (format === 'time') return z.iso.time();
      return z
        .string()
        .min(1)
        .max(charactersMax ?? textCharactersUsual);
    case 'number':
    case 'integer': {
      const number = type === 'integer' ? z.int() : z.number();
      const from = min === undefined ? number : number.min(min);
      return max === undefined ? from : from.max(max);
    }
    case 'boolean':
      return z.boolean();
  }
}
