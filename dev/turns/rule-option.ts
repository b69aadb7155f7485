import { type BargeInParameters, usualBargeIn } from '../../src/call/turns/barge-in-rule.ts';
import { ParleyError } from '../../src/errors.ts';

const parametersText = `There are:\n${Object.keys(usualBargeIn).join('\n')}`;

/** A parameter of barge-in and values to try, as they are given: `NAME=NUMBER,NUMBER`. */
export function sweepOption(given: string): { readonly name: string; readonly values: readonly number[] } {
  const [name = '', values = ''] = given.split('=');
  const numbers = values.split(',');
  if (!isParameter(name) || !numbers.every(isNumber))
    throw new ParleyError('config.invalid', `--sweep ${given} is not NAME=NUMBER,NUMBER. ${parametersText}`);
  return { name, values: numbers.map(Number) };
}

/** Parameters of barge-in as they are given: `NAME=NUMBER` each. */
export function ruleOption(given: readonly string[]): Partial<BargeInParameters> {
  return Object.fromEntries(
    given.map((one) => {
      const [name = '', value = ''] = one.split('=');
      if (!isParameter(name) || !isNumber(value))
        throw new ParleyError('config.invalid', `--rule ${one} is not NAME=NUMBER. ${parametersText}`);
      return [name, Number(value)];
    }),
  );
}

function isParameter(name: string): boolean {
  return Object.hasOwn(usualBargeIn, name);
}

function isNumber(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text));
}
