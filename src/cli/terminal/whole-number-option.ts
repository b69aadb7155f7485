import { ParleyError } from '../../errors.ts';

/** Reads the value of an option. Throws `config.invalid` unless it is a whole number from `min` up, of at most nine digits. */
export function wholeNumberOption(option: string, text: string, min = 0): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= min) return Number(text);
  const bound = min === 0 ? '' : ` of at least ${min}`;
  throw new ParleyError('config.invalid', `${option} wants a whole number${bound}, not "${text}".`);
}
